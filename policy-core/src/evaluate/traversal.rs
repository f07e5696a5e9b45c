//! Steps into values: attributes, indexes, splats.

use std::sync::Arc;

use super::walk::Walker;
use super::{EvaluationError, Located, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::suggestion::nearest;
use crate::syntax::tree::{Expression, ExpressionKind, Step, Traversal};

type Steps<'a> = &'a [(Step, Span)];

impl Walker<'_> {
    pub(super) fn traversal(&mut self, traversal: &Traversal) -> Result<Value, EvaluationError> {
        let steps = traversal.steps.as_slice();
        if let ExpressionKind::Variable(name) = &traversal.subject.kind
            && **name == *"local"
            && self.for_variable(name).is_none()
            && let Some(((Step::Attribute(local), span), rest)) = steps.split_first()
        {
            self.meter.spend(1, *span)?;
            let value = self.local(local, traversal.subject.span.to(*span))?;
            return self.steps(value, rest).map(|located| located.value);
        }
        let subject = self.expression(&traversal.subject)?;
        self.steps(subject, steps).map(|located| located.value)
    }

    fn local(&self, name: &str, span: Span) -> Result<Located, EvaluationError> {
        match self.scope.locals.get(name) {
            Some(Some(value)) => Ok(value.clone()),
            Some(None) => Err(EvaluationError::Reported),
            None => Err(self
                .meter
                .plain_fault(Code::UndeclaredName, span, || format!("the local `{name}` is not declared"))),
        }
    }

    fn steps(&mut self, subject: Located, steps: Steps<'_>) -> Result<Located, EvaluationError> {
        let mut current = subject;
        let mut rest = steps;
        while let Some(((step, span), after)) = rest.split_first() {
            self.meter.spend(1, *span)?;
            rest = after;
            current = match step {
                Step::Attribute(name) => self.attribute(&current, name, *span)?,
                Step::Index(index) => self.index(&current, index, *span)?,
                Step::FullSplat => return self.splat(&current, rest, *span),
                Step::AttributeSplat => {
                    let count = rest.iter().take_while(|(step, _)| matches!(step, Step::Attribute(_))).count();
                    let (inside, outside) = rest.split_at_checked(count).unwrap_or((rest, &[]));
                    rest = outside;
                    self.splat(&current, inside, *span)?
                }
            };
        }
        Ok(current)
    }

    /// The steps applied to each element; what is no list is one element, and null none.
    fn splat(&mut self, current: &Located, steps: Steps<'_>, span: Span) -> Result<Located, EvaluationError> {
        let elements: &[Located] = match &current.value {
            Value::Null => &[],
            Value::List(elements) => elements,
            _ => std::slice::from_ref(current),
        };
        self.meter.spend(elements.len(), span)?;
        let made: Result<Vec<Located>, _> = elements.iter().map(|element| self.steps(element.clone(), steps)).collect();
        Ok(Located { value: Value::List(made?.into()), span })
    }

    fn attribute(&self, current: &Located, name: &str, span: Span) -> Result<Located, EvaluationError> {
        match &current.value {
            Value::Object(entries) => self.entry(entries, name, span),
            other => Err(self.meter.fault(|| {
                let message = format!("`.{name}` needs an object before it, but that is {}", other.type_name());
                let fault = Diagnostic::new(Code::TypeMismatch, span, message);
                match other {
                    Value::List(_) => fault.help(format!("write `[*].{name}` for that of each element")),
                    _ => fault,
                }
            })),
        }
    }

    fn entry(&self, entries: &[(Arc<str>, Located)], name: &str, span: Span) -> Result<Located, EvaluationError> {
        let found = entries.binary_search_by(|(key, _)| (**key).cmp(name)).ok().and_then(|index| entries.get(index));
        found.map(|(_, value)| value.clone()).ok_or_else(|| {
            self.meter.fault(|| {
                let near = nearest(name, entries.iter().map(|(key, _)| &**key));
                Diagnostic::new(Code::NoSuchElement, span, format!("the object has no attribute `{name}`"))
                    .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
            })
        })
    }

    fn index(&mut self, current: &Located, index: &Expression, span: Span) -> Result<Located, EvaluationError> {
        let place = index.span;
        let index = self.expression(index)?.value;
        match (&current.value, &index) {
            (Value::Object(entries), Value::Text(key)) => self.entry(entries, key, place),
            (Value::List(elements), Value::Number(number)) => {
                if number.as_whole().is_none() {
                    return Err(self.meter.plain_fault(Code::TypeMismatch, place, || {
                        format!("a list is indexed by whole numbers, but this is `{number}`")
                    }));
                }
                number.as_index().and_then(|index| elements.get(index)).cloned().ok_or_else(|| {
                    self.meter.plain_fault(Code::NoSuchElement, place, || match elements.len() {
                        0 => format!("the list is empty, so it has no element `{number}`"),
                        length => format!(
                            "the list has no element `{number}`: its elements are numbered from 0 to {}",
                            length.saturating_sub(1)
                        ),
                    })
                })
            }
            (Value::Object(_), other) => Err(self.meter.fault(|| {
                let message = format!("an object is indexed by text, but this is {}", other.type_name());
                Diagnostic::new(Code::TypeMismatch, place, message).help("make it text with `tostring`")
            })),
            (Value::List(_), other) => Err(self.meter.plain_fault(Code::TypeMismatch, place, || {
                format!("a list is indexed by whole numbers, but this is {}", other.type_name())
            })),
            (other, _) => Err(self.meter.plain_fault(Code::TypeMismatch, span, || {
                format!("an index needs a list or an object before it, but that is {}", other.type_name())
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{
        attribute, check, each, flag, iteration, list, null, number, numbers, object, text, traverse, variable,
    };
    use crate::syntax::tree::Expression;
    use crate::syntax::tree::Step::{AttributeSplat, FullSplat, Index};

    fn pair() -> Expression {
        let one = |value| object(vec![("a", object(vec![("b", numbers(value))]))]);
        list(vec![one(&["1", "2"]), one(&["3", "4"])])
    }

    #[test]
    fn steps_go_into_objects_and_lists() {
        let entries = || object(vec![("name", number("1")), ("other", number("2"))]);
        check(vec![
            (traverse(entries(), vec![attribute("other")]), "2"),
            (traverse(entries(), vec![Index(text("name"))]), "1"),
            (traverse(entries(), vec![attribute("nam")]), "PL306 the object has no attribute `nam`"),
            (traverse(entries(), vec![Index(number("0"))]), "PL303 an object is indexed by text, but this is a number"),
            (traverse(numbers(&["5", "6"]), vec![Index(number("1"))]), "6"),
            (
                traverse(numbers(&["5", "6"]), vec![Index(number("2"))]),
                "PL306 the list has no element `2`: its elements are numbered from 0 to 1",
            ),
            (traverse(numbers(&["5"]), vec![Index(number("-1"))]), "PL306"),
            (traverse(numbers(&["5"]), vec![Index(number("0.5"))]), "PL303 a list is indexed by whole numbers"),
            (traverse(numbers(&["5"]), vec![Index(text("0"))]), "PL303 a list is indexed by whole numbers"),
            (traverse(list(vec![]), vec![Index(number("0"))]), "PL306 the list is empty"),
            (traverse(text("x"), vec![Index(number("0"))]), "PL303 an index needs a list or an object"),
            (traverse(null(), vec![attribute("a")]), "PL303 `.a` needs an object before it, but that is null"),
            (traverse(numbers(&["5"]), vec![attribute("a")]), "PL303"),
        ]);
    }

    #[test]
    fn splats_apply_what_follows_to_each_element() {
        let path = || [attribute("a"), attribute("b")];
        let with = |splat, end: Vec<_>| traverse(pair(), [splat].into_iter().chain(path()).chain(end).collect());
        check(vec![
            (with(FullSplat, vec![Index(number("0"))]), "[1, 3]"),
            (with(AttributeSplat, vec![Index(number("0"))]), "[1, 2]"),
            (with(FullSplat, vec![FullSplat]), "[[1, 2], [3, 4]]"),
            (traverse(pair(), vec![AttributeSplat, Index(number("1")), attribute("a"), attribute("b")]), "[3, 4]"),
            (traverse(null(), vec![FullSplat, attribute("a")]), "[]"),
            (traverse(null(), vec![AttributeSplat]), "[]"),
            (traverse(number("5"), vec![FullSplat]), "[5]"),
            (traverse(object(vec![("a", flag(true))]), vec![AttributeSplat, attribute("a")]), "[true]"),
            (traverse(list(vec![]), vec![FullSplat]), "[]"),
            (traverse(numbers(&["1"]), vec![FullSplat, attribute("a")]), "PL303"),
        ]);
    }

    #[test]
    fn account_and_for_variables_are_subjects_too() {
        let mut shadowing = each(numbers(&["7"]), variable("account"));
        shadowing.value = crate::evaluate::testing::name("account");
        let mut local =
            each(list(vec![object(vec![("x", number("1"))])]), traverse(variable("local"), vec![attribute("x")]));
        local.value = crate::evaluate::testing::name("local");
        check(vec![
            (variable("account"), "{id: '222222222222', labels: {}, name: 'prod'}"),
            (traverse(variable("account"), vec![attribute("name")]), "'prod'"),
            (traverse(variable("account"), vec![attribute("nam")]), "PL306"),
            (iteration(shadowing), "[7]"),
            (iteration(local), "[1]"),
            (traverse(variable("local"), vec![attribute("x")]), "PL203"),
            (variable("local"), "PL301"),
        ]);
    }
}
