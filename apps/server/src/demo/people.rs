//! Names for the sample organization, the same every time.

/// First names.
pub(super) const FIRST: [&str; 30] = [
    "Amara",
    "Björn",
    "Chidi",
    "Daniela",
    "Elif",
    "Farid",
    "Greta",
    "Hiroshi",
    "Ines",
    "Jonas",
    "Kavya",
    "Liam",
    "Mei",
    "Noah",
    "Olga",
    "Pedro",
    "Quinn",
    "Rosa",
    "Samir",
    "Tuva",
    "Umar",
    "Valentina",
    "Wen",
    "Ximena",
    "Yusuf",
    "Zofia",
    "Anton",
    "Bianca",
    "Carlos",
    "Dilnoza",
];

/// Last names.
pub(super) const LAST: [&str; 25] = [
    "Adeyemi",
    "Bianchi",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quispe",
    "Rossi",
    "Santos",
    "Takahashi",
    "Ueda",
    "Varga",
    "Weber",
    "Yilmaz",
    "Zhang",
];

/// The name of the n-th person: every pair once before any comes again.
pub(super) fn name(n: usize) -> (&'static str, &'static str) {
    let first = FIRST.get(n % FIRST.len()).copied().unwrap_or("Alex");
    let last = LAST
        .get((n / FIRST.len() + n * 7) % LAST.len())
        .copied()
        .unwrap_or("Smith");
    (first, last)
}

/// The roles: name, and the place of the role above in this list. Four levels deep.
pub(super) const ROLES: [(&str, Option<usize>); 40] = [
    ("Chief Executive", None),
    ("VP Sales", Some(0)),
    ("VP Marketing", Some(0)),
    ("VP Customer Success", Some(0)),
    ("VP Operations", Some(0)),
    ("Sales Director EMEA", Some(1)),
    ("Sales Director Americas", Some(1)),
    ("Sales Director APAC", Some(1)),
    ("Brand Director", Some(2)),
    ("Demand Generation Director", Some(2)),
    ("Support Director", Some(3)),
    ("Onboarding Director", Some(3)),
    ("Finance Director", Some(4)),
    ("People Director", Some(4)),
    ("IT Director", Some(4)),
    ("Account Executives DACH", Some(5)),
    ("Account Executives Nordics", Some(5)),
    ("Account Executives UK & Ireland", Some(5)),
    ("Account Executives Iberia", Some(5)),
    ("Account Executives US East", Some(6)),
    ("Account Executives US West", Some(6)),
    ("Account Executives Canada", Some(6)),
    ("Account Executives Brazil", Some(6)),
    ("Account Executives Japan", Some(7)),
    ("Account Executives Australia", Some(7)),
    ("Account Executives India", Some(7)),
    ("Design Studio", Some(8)),
    ("Communications", Some(8)),
    ("Campaigns", Some(9)),
    ("Events", Some(9)),
    ("Web & SEO", Some(9)),
    ("Support Tier 1", Some(10)),
    ("Support Tier 2", Some(10)),
    ("Onboarding Europe", Some(11)),
    ("Onboarding Americas", Some(11)),
    ("Accounting", Some(12)),
    ("Controlling", Some(12)),
    ("Recruiting", Some(13)),
    ("Workplace", Some(13)),
    ("Infrastructure", Some(14)),
];

/// The places in [`ROLES`] of those who help customers.
pub(super) const SUPPORT_ROLES: [usize; 7] = [3, 10, 11, 31, 32, 33, 34];

/// A guest of the sample: firm, why they are here, how many days ago they were invited, how many days from today
/// their access ends (at least from the day of the invitation), and what became of them.
pub(super) const GUESTS: [(&str, &str, i64, i64, Fate); 24] = [
    (
        "northwind-audit",
        "Annual audit of the revenue accounts",
        12,
        9,
        Fate::Claimed,
    ),
    (
        "northwind-audit",
        "Annual audit of the revenue accounts",
        12,
        9,
        Fate::Claimed,
    ),
    (
        "northwind-audit",
        "Annual audit, second reviewer",
        2,
        9,
        Fate::Waiting,
    ),
    (
        "brightpath-coaching",
        "Coaching the DACH sales team",
        30,
        0,
        Fate::Claimed,
    ),
    (
        "brightpath-coaching",
        "Coaching the Nordics sales team",
        30,
        1,
        Fate::Claimed,
    ),
    (
        "brightpath-coaching",
        "Coaching, workshop materials",
        5,
        6,
        Fate::Claimed,
    ),
    (
        "pixelworks",
        "Spring campaign: landing pages",
        20,
        7,
        Fate::Claimed,
    ),
    ("pixelworks", "Spring campaign: photography", 20, 7, Fate::Claimed),
    ("pixelworks", "Spring campaign: copy review", 1, 28, Fate::Waiting),
    ("rollout-partners", "Rollout in Iberia", 40, 45, Fate::Extended),
    ("rollout-partners", "Rollout in Brazil", 40, 45, Fate::Claimed),
    (
        "rollout-partners",
        "Rollout in Brazil, hypercare",
        3,
        60,
        Fate::Waiting,
    ),
    ("rollout-partners", "Rollout in Japan", 80, 3, Fate::Claimed),
    (
        "lexfield-law",
        "Review of two partner contracts",
        25,
        -2,
        Fate::Claimed,
    ),
    (
        "lexfield-law",
        "Review of two partner contracts",
        25,
        -2,
        Fate::Claimed,
    ),
    ("lexfield-law", "Never came", 20, -6, Fate::Waiting),
    ("datapeak", "Data quality assessment", 60, -20, Fate::Claimed),
    (
        "datapeak",
        "Data quality assessment, handover",
        30,
        12,
        Fate::Revoked,
    ),
    ("helpdesk-plus", "Weekend support cover", 15, 30, Fate::Revoked),
    ("helpdesk-plus", "Weekend support cover", 15, 30, Fate::Claimed),
    ("helpdesk-plus", "Weekend support cover", 0, 30, Fate::Waiting),
    ("greenline-events", "Autumn customer event", 10, 75, Fate::Quiet),
    (
        "greenline-events",
        "Autumn customer event, catering",
        4,
        75,
        Fate::Waiting,
    ),
    ("solo-consulting", "Pricing workshop", 6, 2, Fate::Claimed),
];

/// What became of a guest of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Invited, and has not claimed.
    Waiting,
    /// Claimed the account and has been working.
    Claimed,
    /// Claimed the account, and has not signed in since.
    Quiet,
    /// Claimed the account; access was extended to the day given here later.
    Extended,
    /// Claimed the account; access was revoked later.
    Revoked,
}
