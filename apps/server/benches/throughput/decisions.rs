//! Decisions over HTTP, beside an actix-web server that reads the same body and answers a fixed one of the same shape.

use actix_web::{App, HttpServer, web};
use serde_json::{Value, json};

use crate::records::World;
use crate::{Bench, rate, report};

const BATCH: usize = 50;

pub(crate) fn over_http(bench: &Bench, world: &World) {
    let records: Value = bench
        .ask("GET", "/api/v1/objects/deal/records?limit=200")
        .send()
        .unwrap()
        .json()
        .unwrap();
    let ids: Vec<&str> = records["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    let question = |n: usize| {
        json!({
            "subject": { "type": "user", "id": world.people[n % world.people.len()].to_string() },
            "action": { "name": "view" },
            "resource": { "type": "deal", "id": ids[n % ids.len()] },
        })
    };
    let batch =
        |n: usize| json!({ "evaluations": (0..BATCH).map(|m| question(n * BATCH + m)).collect::<Vec<_>>() });
    let echo = Echo::start();
    let echoed = |path: &str| bench.client.post(format!("{}{path}", echo.base));

    let ceiling = rate(bench.requests, 200, |n| echoed("/one").json(&question(n)));
    report("bare echo of a decision", ceiling, ceiling);
    let single = rate(bench.requests, 200, |n| {
        bench
            .ask_as(&world.decision_point, "POST", "/access/v1/evaluation")
            .json(&question(n))
    });
    report("AuthZEN evaluation", single, ceiling);

    let ceiling = rate(bench.requests, 200, |n| echoed("/many").json(&batch(n)));
    report("bare echo of 50 decisions", ceiling, ceiling);
    let many = rate(bench.requests, 200, |n| {
        bench
            .ask_as(&world.decision_point, "POST", "/access/v1/evaluations")
            .json(&batch(n))
    });
    report("AuthZEN evaluations of 50", many, ceiling);
}

/// What actix-web can do with such bodies when nothing is decided.
struct Echo {
    base: String,
    handle: actix_web::dev::ServerHandle,
}

impl Echo {
    fn start() -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(|| {
                    App::new()
                        .route(
                            "/one",
                            web::post()
                                .to(|_: web::Json<Value>| async { web::Json(json!({ "decision": true })) }),
                        )
                        .route(
                            "/many",
                            web::post().to(|_: web::Json<Value>| async {
                                let decisions = vec![json!({ "decision": true }); BATCH];
                                web::Json(json!({ "evaluations": decisions }))
                            }),
                        )
                })
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (address, handle) = receiver.recv().unwrap();
        Echo {
            base: format!("http://{address}"),
            handle,
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
