use super::FilterRefused;
use crate::number;

/// A piece of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    Open,
    Close,
    /// A field, an operator, `and`, `or`, `not`, `true`, `false` or `null`: the place decides.
    Word(&'t str),
    /// A JSON string, decoded.
    Text(String),
    /// A JSON number, as written.
    Number(&'t str),
}

/// A piece and where it starts, in characters from 1.
pub(super) type Placed<'t> = (usize, Token<'t>);

/// Cuts the text into pieces.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed<'_>>, FilterRefused> {
    let mut found = Vec::new();
    let (mut rest, mut position) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' | '\t' | '\r' | '\n' | '(' | ')' => 1,
            '"' => string_length(rest).ok_or_else(|| unclosed(position))?,
            '-' | '0'..='9' => run(rest, |letter| {
                letter.is_ascii_alphanumeric() || "+-.".contains(letter)
            }),
            'a'..='z' | 'A'..='Z' => run(rest, |letter| {
                letter.is_ascii_alphanumeric() || "_.:$".contains(letter)
            }),
            _ => return Err(syntax(position, "this character has no meaning outside a string")),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let token = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            '"' => Some(Token::Text(decoded(piece).ok_or_else(|| bad_string(position))?)),
            '-' | '0'..='9' if number::is_json_number(piece) => Some(Token::Number(piece)),
            '-' | '0'..='9' => return Err(syntax(position, "expected a number as JSON writes them")),
            'a'..='z' | 'A'..='Z' => Some(Token::Word(piece)),
            _ => None,
        };
        found.extend(token.map(|token| (position, token)));
        position += piece.chars().count();
        rest = after;
    }
    Ok(found)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// How many bytes the string at the start takes, quotes included.
fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn decoded(piece: &str) -> Option<String> {
    serde_json::from_str(piece).ok()
}

pub(super) const fn syntax(position: usize, expected: &'static str) -> FilterRefused {
    FilterRefused::Syntax { position, expected }
}

const fn unclosed(position: usize) -> FilterRefused {
    syntax(position, "this string has no closing quote")
}

const fn bad_string(position: usize) -> FilterRefused {
    syntax(position, "expected a string as JSON writes them")
}
