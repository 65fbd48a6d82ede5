//! `/healthz` and `/readyz`.

use serde_json::json;

use crate::harness::both_databases;

both_databases! {
    fn a_server_is_ready_until_it_is_about_to_stop(server) {
        let client = server.client();
        assert_eq!(client.get("//healthz").expect(200).body, json!({ "status": "ok" }));
        assert_eq!(client.get("//readyz").expect(200).body, json!({ "status": "ok" }));
        server.app.drain();
        client.get("//readyz").refused(503, "draining");
        client.get("//healthz").expect(200);
    }
}
