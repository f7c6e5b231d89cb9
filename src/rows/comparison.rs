//! Comparisons of a column with a parameter, in SQL that is right for the form in which the column stores its values.

use crate::database::Form;
use crate::schema::Column;
use crate::schema::Comparison;
use crate::schema::Kind;

/// Longer operators before those that they begin with.
const OPERATORS: [&str; 7] = ["IS NOT DISTINCT FROM", "<>", "<=", ">=", "<", ">", "="];

/// A column compared with a parameter, or one that is assigned to it.
pub(super) fn compared(column: &Column, name: &str, operator: &str, parameter: &str) -> String {
    let plain = format!("{name} {operator} {parameter}");
    let is_order = ["<", "<=", ">", ">="].contains(&operator);
    if column.kind != Kind::Time || !(is_order || operator == "IS NOT DISTINCT FROM") {
        return plain;
    }
    let exact = format!("better_auth_time({name}) {operator} better_auth_time({parameter})");
    let is_less = operator.starts_with('<');
    match (column.comparison, column.form) {
        (Comparison::Plain, _) => plain,
        // A number sorts before every text, and another text of the same day before or after this one: what is found
        // here too much is left out by the comparison of instants.
        (Comparison::Checked, Form::Iso | Form::IsoOffset | Form::Sql) if is_less => {
            format!("({plain} AND {exact})")
        }
        (Comparison::Checked, _) if is_less => format!("(({plain} OR {name} >= '') AND {exact})"),
        (Comparison::Checked | Comparison::Instant, _) => exact,
    }
}

/// What rows are sorted by.
pub(super) fn ordered(column: &Column, name: &str) -> String {
    match column.comparison {
        Comparison::Instant => format!("better_auth_time({name})"),
        Comparison::Plain | Comparison::Checked => name.to_owned(),
    }
}

/// The operator and the parameter at the beginning of a text, and what stands behind them.
pub(super) fn compared_with(text: &str) -> Option<(&'static str, &str, &str)> {
    let text = text.trim_start();
    let (operator, rest) =
        OPERATORS.iter().find_map(|operator| Some((*operator, text.strip_prefix(operator)?)))?;
    let rest = rest.trim_start();
    let end = parameter_length(rest)?;
    let (parameter, behind) = rest.split_at(end);
    Some((operator, parameter, behind))
}

/// Where a parameter and an operator begin that a text ends with, and both.
pub(super) fn compared_before(text: &str) -> Option<(usize, &str, &'static str)> {
    let trimmed = text.trim_end();
    let (operator, rest) =
        OPERATORS.iter().find_map(|operator| Some((*operator, trimmed.strip_suffix(operator)?)))?;
    let rest = rest.trim_end();
    let begin = rest.rfind(['$', '{'])?;
    let parameter = rest.get(begin..)?;
    (parameter_length(parameter)? == parameter.len()).then_some((begin, parameter, operator))
}

/// The length of `$1` or `{1}` at the beginning of a text.
fn parameter_length(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (begin, end) = match text.as_bytes().first()? {
        b'$' => (1, 0),
        b'{' => (1, 1),
        _ => return None,
    };
    let count = digits(text.get(begin..)?);
    let is_closed = end == 0 || text.as_bytes().get(begin + count) == Some(&b'}');
    (0 < count && is_closed).then_some(begin + count + end)
}

/// The operator with its sides exchanged.
pub(super) fn mirrored(operator: &'static str) -> &'static str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}
