//! There is no way to the values of records around a decision: read off the source, so that a new way is noticed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Functions of the record store that neither take a decided reach nor a permit, and why they need none.
const UNDECIDED: [(&str, &str); 12] = [
    ("owners_of", "gives owners only: what a decision is made from"),
    ("owners_of_many", "as owners_of"),
    (
        "for_each_owner_set",
        "gives owners only, for numbers about permissions",
    ),
    ("external_id_owner", "gives an id only, to refuse a clash"),
    ("taken_values", "names fields only, to refuse a clash"),
    ("uses_option", "says yes or no, to whom administers the object"),
    ("exceeds_unique", "as uses_option"),
    ("sort_value", "is given the record"),
    (
        "index_unique",
        "derives what makes values unique, for whom administers the object",
    ),
    ("drop_unique", "as index_unique"),
    ("delete_all", "goes with the object"),
    (
        "hand_over",
        "goes with the deletion of a user, and gives numbers only",
    ),
];

/// Files beside the record store that name its tables, and why.
const NEIGHBOURS: [(&str, &str); 3] = [
    (
        "crates/persistence/src/schema.rs",
        "says what columns the tables have",
    ),
    (
        "crates/persistence/src/error.rs",
        "knows which constraint was broken by its name",
    ),
    (
        "crates/persistence/src/object_tasks/batch.rs",
        "derives owners and erases what a removed field held, without reading a value",
    ),
];

const STORE: &str = "crates/persistence/src/records/";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The sources of the workspace by their paths, without comments. Tests are none.
fn sources() -> BTreeMap<String, String> {
    let root = workspace();
    let mut sources = BTreeMap::new();
    for group in ["crates", "apps"] {
        for package in std::fs::read_dir(root.join(group)).unwrap() {
            add(&root, &package.unwrap().path().join("src"), &mut sources);
        }
    }
    assert!(sources.len() > 100, "{} files", sources.len());
    sources
}

fn add(root: &Path, folder: &Path, sources: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let name = path.strip_prefix(root).unwrap().display().to_string();
            sources.insert(name, code.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// A function that others can call.
#[derive(Debug)]
struct Function {
    name: String,
    arguments: String,
    answer: String,
}

impl Function {
    fn all_in(code: &str) -> Vec<Self> {
        let starts = ["pub fn ", "pub(crate) fn "].map(|start| code.match_indices(start));
        let starts = starts.into_iter().flatten();
        starts
            .map(|(place, start)| Self::parse(&code[place + start.len()..]))
            .collect()
    }

    fn parse(code: &str) -> Self {
        let signature = &code[..code.find('{').unwrap()];
        let (arguments, answer) = signature.rsplit_once("->").unwrap_or((signature, ""));
        let name = signature.split(['(', '<']).next().unwrap();
        Function {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            answer: answer.to_owned(),
        }
    }

    fn takes(&self, word: &str) -> bool {
        has_word(&self.arguments, word)
    }
}

fn has_word(code: &str, word: &str) -> bool {
    let not_of_a_word = |letter: char| !(letter.is_alphanumeric() || letter == '_');
    code.split(not_of_a_word).any(|found| found == word)
}

fn functions_of_the_store() -> Vec<Function> {
    let sources = sources();
    let store = sources.iter().filter(|(path, _)| path.starts_with(STORE));
    let functions: Vec<Function> = store.flat_map(|(_, code)| Function::all_in(code)).collect();
    assert!(functions.len() > 15, "{functions:?}");
    functions
}

#[test]
fn whoever_is_given_records_has_shown_what_they_reach() {
    for function in functions_of_the_store() {
        if has_word(&function.answer, "Record") {
            assert!(
                function.arguments.contains("&Reach"),
                "{function:?} gives records away"
            );
        }
    }
}

#[test]
fn every_function_takes_a_reach_or_a_permit_or_says_why_not() {
    for function in functions_of_the_store() {
        let undecided = UNDECIDED.iter().any(|(name, _)| *name == function.name);
        let decided = if function.takes("WriteTx") {
            function.takes("Permit")
        } else {
            function.takes("Reach")
        };
        assert!(decided != undecided, "{function:?} (listed: {undecided})");
    }
}

#[test]
fn the_list_of_exceptions_names_nothing_that_is_gone() {
    let functions = functions_of_the_store();
    for (name, _) in UNDECIDED {
        assert!(functions.iter().any(|function| function.name == name), "{name}");
    }
    let sources = sources();
    for (path, _) in NEIGHBOURS {
        assert!(names_a_table(&sources[path]).is_some(), "{path}");
    }
}

/// What in some code names a table of records, if anything does.
fn names_a_table(code: &str) -> Option<&str> {
    let in_sql = ["FROM records", "JOIN records", "INTO records", "UPDATE records"];
    let in_sql = in_sql.into_iter().filter_map(|words| {
        code.match_indices(words).find(|(place, words)| {
            // Not `records_…`, which is another word.
            !code[place + words.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
        })
    });
    let words = ["record_owners", "record_unique_values", "values_doc"];
    let words = words.into_iter().filter(|word| has_word(code, word));
    let imports = code
        .match_indices("schema::")
        .map(|(place, _)| code[place..].split(';').next().unwrap());
    let imported = imports.filter(|import| import.contains('*') || has_word(import, "records"));
    in_sql.map(|(_, words)| words).chain(words).chain(imported).next()
}

#[test]
fn no_other_module_names_the_tables_of_records() {
    for (path, code) in sources() {
        if path.starts_with(STORE) || NEIGHBOURS.iter().any(|(neighbour, _)| *neighbour == path) {
            continue;
        }
        assert_eq!(names_a_table(&code), None, "{path}");
    }
}
