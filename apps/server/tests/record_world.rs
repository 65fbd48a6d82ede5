//! An org with objects, people and permissions to test records in: `World::new(server)`, then
//! `world.person("Ada", Some(role), [view, edit, delete, create])` and `world.make(&client, json!({…}))`.

use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_access_control::{Level, ObjectPermissions};
use vestibule_custom_objects::{FieldDraft, FieldType, Object};
use vestibule_persistence::ids::{ObjectId, OrgId};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::{StoreError, object_permissions};
use vestibule_server::clock::Clock;

use crate::harness::{Client, Reply, TestOrg, TestServer};

/// An id that never was.
pub const NEVER: &str = "0190a000-0000-7000-8000-000000000000";

pub const NONE: [&str; 4] = ["none"; 4];
pub const OWN: [&str; 4] = ["own"; 4];
pub const TEAM: [&str; 4] = ["own_and_reports"; 4];
pub const ANYONE: [&str; 4] = ["anyone"; 4];

/// An org with the object `deal`, which has a field of every type, and two roles, one above the other.
pub struct World<'s> {
    pub server: &'s TestServer,
    pub org: TestOrg,
    pub deal: ObjectId,
    pub head: String,
    pub rep: String,
}

/// Somebody who signed in.
pub struct Person {
    pub id: String,
    pub profile: String,
    pub client: Client,
}

pub fn field(key: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft::new(key, key, field_type)
}

pub fn deal_fields(deal: ObjectId) -> Vec<FieldDraft> {
    use FieldType::{
        Boolean, Choice, Currency, Date, DateTime, Email, MultiChoice, Number, Percentage, Phone, Record,
        Text, Url, User,
    };
    let options = |options: &[&str]| Some(options.iter().map(|option| (*option).to_owned()).collect());
    vec![
        FieldDraft {
            required: true,
            ..field("name", Text)
        },
        field("amount", Number),
        FieldDraft {
            options: options(&["open", "won", "lost"]),
            ..field("stage", Choice)
        },
        FieldDraft {
            options: options(&["red", "green", "blue"]),
            ..field("tags", MultiChoice)
        },
        FieldDraft {
            unique: true,
            ..field("code", Text)
        },
        FieldDraft {
            represents_ownership: true,
            ..field("owner", User)
        },
        FieldDraft {
            represents_ownership: true,
            ..field("co_owner", User)
        },
        field("contact", User),
        FieldDraft {
            object: Some(deal),
            ..field("parent", Record)
        },
        field("closes_on", Date),
        field("met_at", DateTime),
        field("active", Boolean),
        field("mail", Email),
        field("site", Url),
        field("phone", Phone),
        field("price", Currency),
        field("rate", Percentage),
        field("notes", Text),
    ]
}

impl<'s> World<'s> {
    pub fn new(server: &'s TestServer) -> Self {
        Self::named(server, "acme")
    }

    pub fn named(server: &'s TestServer, slug: &str) -> Self {
        let org = server.org(slug);
        let role = |name: &str, parent: Option<&str>| {
            org.admin
                .post("/roles", json!({ "name": name, "parent_id": parent }))
                .expect(201)
                .id()
        };
        let head = role("Head", None);
        let rep = role("Rep", Some(&head));
        let deal: ObjectId = Clock::new_id(server.clock.now()).into();
        let world = World {
            server,
            org,
            deal,
            head,
            rep,
        };
        world.object(deal, "deal", deal_fields(deal));
        world
    }

    fn org_id(&self) -> OrgId {
        self.org.id.parse::<Uuid>().unwrap().into()
    }

    /// Adds an object.
    pub fn object(&self, id: ObjectId, key: &str, fields: Vec<FieldDraft>) {
        let (org, now) = (self.org_id(), self.server.clock.now());
        let object = Object::new(id, key, key, key, fields).unwrap();
        let stored = StoredObject::new(object, now);
        let database = self.server.database();
        database
            .write(org, |tx| objects::insert(tx, org, &stored))
            .unwrap();
    }

    /// Lets a profile do this with the records of an object: view, edit, delete, create.
    pub fn permit(&self, profile: &str, object: ObjectId, levels: [&str; 4]) {
        let (org, now) = (self.org_id(), self.server.clock.now());
        let profile = profile.parse::<Uuid>().unwrap().into();
        let [view, edit, delete, create] = levels.map(|level| level.parse::<Level>().unwrap());
        let permissions = ObjectPermissions {
            view,
            edit,
            delete,
            create,
        };
        let set = self.server.database().write(org, |tx| {
            object_permissions::set(tx, org, profile, object, permissions, now)?;
            Ok::<_, StoreError>(())
        });
        set.unwrap();
    }

    /// A standard user in this role with a profile of their own, signed in.
    pub fn person(&self, name: &str, role: Option<&str>, levels: [&str; 4]) -> Person {
        let profile = self.org.profile(&format!("Profile of {name}"), &[]);
        self.permit(&profile, self.deal, levels);
        let user = self
            .org
            .user_with(name, json!({ "profile_id": profile, "role_id": role }));
        let client = self.server.claim(&self.org.user_email(name));
        Person {
            id: user["id"].as_str().unwrap().to_owned(),
            profile,
            client,
        }
    }

    /// The id of somebody who owns things and never signs in.
    pub fn owner(&self, name: &str, role: Option<&str>) -> String {
        self.org.user_with(name, json!({ "role_id": role }))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Asks for a new deal.
    pub fn post(&self, client: &Client, fields: Value) -> Reply {
        client.post("/objects/deal/records", json!({ "fields": fields }))
    }

    /// Makes a deal as the Admin; answers its id.
    #[track_caller]
    pub fn make(&self, fields: Value) -> String {
        self.post(&self.org.admin, fields).expect(201).id()
    }

    /// Makes a deal as the Admin, with an external id; answers its id.
    #[track_caller]
    pub fn make_named(&self, external_id: &str, fields: Value) -> String {
        let body = json!({ "external_id": external_id, "fields": fields });
        self.org
            .admin
            .post("/objects/deal/records", body)
            .expect(201)
            .id()
    }
}

/// The path of a deal.
pub fn deal(id: &str) -> String {
    format!("/objects/deal/records/{id}")
}

/// The names of deals.
pub fn names(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["fields"]["name"].as_str().unwrap())
        .collect()
}

/// The names of the deals that a list with this query gives, over all pages.
pub fn listed(client: &Client, query: &str) -> Vec<String> {
    let items = client.all(&format!("/objects/deal/records?{query}"));
    names(&items).into_iter().map(str::to_owned).collect()
}

/// Text as a query parameter.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
