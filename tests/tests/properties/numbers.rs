//! X1: numbers are exact, against fractions of whole numbers.

use policy_core::number::{Number, NumberError};

use crate::choices::Choices;
use crate::runner;

/// A number of `units` / 10^`places`, small enough that products fit into 128 bits.
fn number(choices: &mut Choices<'_>) -> (i128, u32) {
    let low = i128::try_from(choices.below(65_536)).expect("16 bits");
    let high = i128::try_from(choices.below(1 << 15)).expect("15 bits");
    let units = if choices.chance(2) { low * 32_768 + high } else { low % 1_000 };
    (if choices.chance(2) { -units } else { units }, choices.pick(&[0, 1, 3, 6, 9]))
}

/// The engine's number for it, by way of its text.
fn read((units, places): (i128, u32)) -> Number {
    let scale = 10_i128.pow(places);
    let (whole, rest) = (units.abs() / scale, units.abs() % scale);
    let width = places as usize;
    let text = if places == 0 { whole.to_string() } else { format!("{whole}.{rest:0width$}") };
    let number = Number::from_literal(&text).expect("a number within the limits");
    if units < 0 { number.negate().expect("as large as before") } else { number }
}

/// The number `above` / `below` written out, if it needs at most 18 places.
fn exact(above: i128, below: i128) -> Option<Number> {
    let (mut rest, mut units, mut places) = (above.abs(), 0_i128, 0);
    let divisor = below.abs();
    loop {
        units = units.checked_mul(10)?.checked_add(rest / divisor)?;
        rest %= divisor;
        if rest == 0 || places == 18 {
            break;
        }
        rest *= 10;
        places += 1;
    }
    if rest != 0 {
        return None;
    }
    let scale = 10_i128.pow(places);
    let width = places as usize;
    let (whole, part) = (units / scale, units % scale);
    let text = if places == 0 { whole.to_string() } else { format!("{whole}.{part:0width$}") };
    let number = Number::from_literal(&text)?;
    if (above < 0) == (below < 0) { Some(number) } else { number.negate().ok() }
}

#[test]
fn arithmetic_is_that_of_fractions() {
    runner::holds(3_000, |_, second| {
        let mut choices = Choices::new(second);
        let (left, right) = (number(&mut choices), number(&mut choices));
        let places = left.1.max(right.1);
        let scale = 10_i128.pow(places);
        let (one, two) = (left.0 * 10_i128.pow(places - left.1), right.0 * 10_i128.pow(places - right.1));
        let divided = |below: i128, make: &dyn Fn() -> Option<Number>| if below == 0 { None } else { make() };
        let expected = [
            ("+", read(left).add(read(right)), exact(one + two, scale)),
            ("-", read(left).subtract(read(right)), exact(one - two, scale)),
            ("*", read(left).multiply(read(right)), exact(left.0 * right.0, 10_i128.pow(left.1 + right.1))),
            ("/", read(left).divide(read(right)), divided(two, &|| exact(one, two))),
            ("%", read(left).remainder(read(right)), divided(two, &|| exact(one % two, scale))),
        ];
        for (operator, got, expected) in expected {
            let by_zero = two == 0 && matches!(operator, "/" | "%");
            let same = match (&got, expected) {
                (Ok(got), Some(expected)) => *got == expected && got.to_string() == expected.to_string(),
                (Err(NumberError::DivisionByZero), None) => by_zero,
                (Err(NumberError::OutOfRange), None) => !by_zero,
                _ => false,
            };
            if !same {
                return Err(format!("{} {operator} {} is {got:?}, not {expected:?}", read(left), read(right)));
            }
        }
        Ok(())
    });
}
