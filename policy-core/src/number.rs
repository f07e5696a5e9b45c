//! Exact decimal numbers (X1): at most 19 digits before and 18 after the decimal point, and never rounded.

use std::fmt;

/// Digits after the decimal point.
const DECIMALS: u32 = 18;
/// Digits before the decimal point.
const WHOLE_DIGITS: u32 = 19;
/// What one is stored as.
const ONE: u128 = 10_u128.pow(DECIMALS);
/// The first magnitude, as stored, that has too many digits before the point.
const END: u128 = 10_u128.pow(WHOLE_DIGITS + DECIMALS);

/// A number with at most 19 digits before and 18 after the decimal point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

/// Why an operation has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The result cannot be written with 19 digits before and 18 after the decimal point.
    #[error("the result needs more than 19 digits before or 18 after the decimal point")]
    OutOfRange,
    /// The divisor is zero.
    #[error("the divisor is zero")]
    DivisionByZero,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// Reads an HCL number literal (digits, optional fraction and exponent, no sign); none where it is no such literal
    /// or needs more digits than there may be. Zeros in front and at the end of the fraction do not count (X1).
    ///
    /// One pass over the text, whatever the exponent says.
    pub fn from_literal(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let point = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        from_digits(whole, fraction, point)
    }

    /// The sum.
    ///
    /// # Errors
    /// Where it has too many digits.
    #[expect(clippy::should_implement_trait, reason = "the trait's sum could not say that it is out of range")]
    pub fn add(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_add(other.0).map_or(Err(NumberError::OutOfRange), in_range)
    }

    /// The difference.
    ///
    /// # Errors
    /// Where it has too many digits.
    pub fn subtract(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_sub(other.0).map_or(Err(NumberError::OutOfRange), in_range)
    }

    /// The product, exact although the product of what is stored may need more than 128 bits.
    ///
    /// # Errors
    /// Where it has too many digits.
    pub fn multiply(self, other: Self) -> Result<Self, NumberError> {
        let (mut left, mut right) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        // The product is stored 10^18 times too large. Both primes are taken from whichever factor has them, before
        // multiplying; where neither has one, the product needs a 19th decimal.
        for prime in [2, 5] {
            for _ in 0..DECIMALS {
                if left % prime == 0 {
                    left /= prime;
                } else if right % prime == 0 {
                    right /= prime;
                } else {
                    return Err(NumberError::OutOfRange);
                }
            }
        }
        signed(left.checked_mul(right), (self.0 < 0) != (other.0 < 0))
    }

    /// The quotient.
    ///
    /// # Errors
    /// Where the divisor is zero, or the quotient has too many digits: a third has no end.
    pub fn divide(self, divisor: Self) -> Result<Self, NumberError> {
        let (dividend, divisor_magnitude) = (self.0.unsigned_abs(), divisor.0.unsigned_abs());
        if divisor_magnitude == 0 {
            return Err(NumberError::DivisionByZero);
        }
        let common = greatest_common_divisor(dividend, divisor_magnitude);
        let (dividend, rest) = (dividend / common, divisor_magnitude / common);
        if !ONE.is_multiple_of(rest) {
            return Err(NumberError::OutOfRange);
        }
        signed(dividend.checked_mul(ONE / rest), (self.0 < 0) != (divisor.0 < 0))
    }

    /// What is left of a division whose quotient is whole; it has the sign of the dividend (X1).
    ///
    /// # Errors
    /// Where the divisor is zero.
    pub fn remainder(self, divisor: Self) -> Result<Self, NumberError> {
        self.0.checked_rem(divisor.0).map(Self).ok_or(NumberError::DivisionByZero)
    }

    /// The number with the other sign.
    ///
    /// # Errors
    /// Never for a number that can exist; the signature is that of the other operations.
    pub fn negate(self) -> Result<Self, NumberError> {
        self.0.checked_neg().map_or(Err(NumberError::OutOfRange), in_range)
    }

    /// The number, if it has no decimals.
    pub fn as_whole(self) -> Option<i128> {
        let one = ONE.cast_signed();
        (self.0 % one == 0).then_some(self.0 / one)
    }

    /// The number, if it is whole, not negative, and an index on this target.
    pub fn as_index(self) -> Option<usize> {
        self.as_whole().and_then(|whole| usize::try_from(whole).ok())
    }

    /// Whether it is less than zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        // At most 19 digits, so the product is far below the end of `i128`.
        Self(i128::from(whole).saturating_mul(ONE.cast_signed()))
    }
}

impl fmt::Display for Number {
    /// No exponent, no trailing zeros, no `-0` (X1).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (magnitude / ONE, magnitude % ONE);
        if fraction == 0 {
            return write!(formatter, "{sign}{whole}");
        }
        let digits = format!("{fraction:018}");
        write!(formatter, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// Digits after an optional sign, as a number; what is beyond any use is cut at a bound that is too.
fn read_exponent(text: &str) -> Option<i64> {
    let (digits, negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(i64::from(byte - b'0')).min(i64::MAX / 4);
    }
    Some(if negative { -value } else { value })
}

/// The number with these digits, the last of which stands for `10^point`.
fn from_digits(whole: &str, fraction: &str, point: i64) -> Option<Number> {
    let digits = || whole.bytes().chain(fraction.bytes());
    let leading = digits().take_while(|&byte| byte == b'0').count();
    let trailing = digits().rev().take_while(|&byte| byte == b'0').count();
    let length = whole.len().checked_add(fraction.len())?;
    if leading == length {
        return Some(Number::ZERO);
    }
    let significant = length.checked_sub(leading)?.checked_sub(trailing)?;
    let point = point.checked_add(i64::try_from(trailing).ok()?)?;
    let stored_point = u32::try_from(point.checked_add(i64::from(DECIMALS))?).ok()?;
    if u32::try_from(significant).ok()?.checked_add(stored_point)? > WHOLE_DIGITS + DECIMALS {
        return None;
    }
    let mut stored = 0_i128;
    for byte in digits().skip(leading).take(significant) {
        stored = stored.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    }
    stored.checked_mul(10_i128.checked_pow(stored_point)?).map(Number)
}

fn in_range(stored: i128) -> Result<Number, NumberError> {
    if stored.unsigned_abs() < END { Ok(Number(stored)) } else { Err(NumberError::OutOfRange) }
}

fn signed(magnitude: Option<u128>, negative: bool) -> Result<Number, NumberError> {
    let stored = magnitude.and_then(|magnitude| i128::try_from(magnitude).ok()).ok_or(NumberError::OutOfRange)?;
    in_range(if negative { -stored } else { stored })
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {

    use super::{Number, NumberError};

    fn number(text: &str) -> Number {
        match text.strip_prefix('-') {
            Some(rest) => Number::from_literal(rest).unwrap().negate().unwrap(),
            None => Number::from_literal(text).unwrap(),
        }
    }

    fn shown(result: Result<Number, NumberError>) -> String {
        match result {
            Ok(number) => number.to_string(),
            Err(NumberError::OutOfRange) => "range".to_owned(),
            Err(NumberError::DivisionByZero) => "zero".to_owned(),
        }
    }

    // X1
    #[test]
    fn literals_are_read_and_written_back_in_one_form() {
        for (literal, written) in [
            ("0", "0"),
            ("007", "7"),
            ("0.10", "0.1"),
            ("1.500e1", "15"),
            ("1e18", "1000000000000000000"),
            ("1E+2", "100"),
            ("25e-1", "2.5"),
            ("120e-1", "12"),
            ("1e-18", "0.000000000000000001"),
            ("10e-19", "0.000000000000000001"),
            ("0.0000000000000000010", "0.000000000000000001"),
            ("9999999999999999999", "9999999999999999999"),
            ("9999999999999999999.999999999999999999", "9999999999999999999.999999999999999999"),
            ("0.9999999999999999999e1", "9.999999999999999999"),
            ("00000000000000000000000000000000000001", "1"),
            ("1.000000000000000000000000000000000000", "1"),
            ("0e999999999999999999999999", "0"),
            ("0.0e-999999999999999999999999", "0"),
        ] {
            assert_eq!(Number::from_literal(literal).map(|n| n.to_string()).as_deref(), Some(written), "{literal}");
        }
    }

    #[test]
    fn literals_with_too_many_digits_or_another_form_are_refused() {
        for literal in [
            "10000000000000000000",
            "1e19",
            "1e400",
            "1e-19",
            "1e99999999999999999999999999",
            "1e-99999999999999999999999999",
            "0.0000000000000000001",
            "1.0000000000000000001",
            "9999999999999999999.9999999999999999991",
            "12345678901234567890123456789012345678e-18",
            "",
            ".",
            ".5",
            "5.",
            "5.e1",
            "e5",
            "1e",
            "1e+",
            "1e-",
            "1e+-1",
            "1e5e5",
            "1.2.3",
            "-1",
            "+1",
            "1_0",
            "1e1x",
        ] {
            assert_eq!(Number::from_literal(literal), None, "{literal}");
        }
    }

    #[test]
    fn very_long_literals_are_cheap() {
        let zeros = "0".repeat(1 << 20);
        assert_eq!(number(&format!("{zeros}1.5{zeros}")).to_string(), "1.5");
        assert_eq!(number(&format!("0.{zeros}1e1048577")).to_string(), "1");
        assert_eq!(number(&format!("1{zeros}e-1048576")).to_string(), "1");
        assert_eq!(number(&format!("1e{zeros}5")).to_string(), "100000");
        assert_eq!(Number::from_literal(&"9".repeat(1 << 20)), None);
        assert_eq!(Number::from_literal(&format!("1e{}", "9".repeat(1 << 20))), None);
    }

    #[test]
    fn sums_and_differences_are_exact_and_bounded() {
        let largest = "9999999999999999999.999999999999999999";
        for (left, right, sum, difference) in [
            ("0.1", "0.2", "0.3", "-0.1"),
            ("1", "-1", "0", "2"),
            (largest, "0.000000000000000001", "range", "9999999999999999999.999999999999999998"),
            ("-9999999999999999999", "1", "-9999999999999999998", "range"),
            ("9999999999999999999", "-1", "9999999999999999998", "range"),
            (largest, "0", largest, largest),
        ] {
            assert_eq!(shown(number(left).add(number(right))), sum, "{left} + {right}");
            assert_eq!(shown(number(left).subtract(number(right))), difference, "{left} - {right}");
        }
    }

    #[test]
    fn products_are_exact_although_they_pass_128_bits() {
        // 2^60 and 5^26 need all 19 digits; their product with what undoes them is small again.
        for (left, right, product) in [
            ("3", "-4", "-12"),
            ("-3", "-4", "12"),
            ("-3", "0", "0"),
            ("0.5", "0.5", "0.25"),
            ("0.000000001", "0.000000001", "0.000000000000000001"),
            ("0.000000000000000001", "0.1", "range"),
            ("0.0000000001", "0.000000001", "range"),
            ("0.000000000000000001", "10", "0.00000000000000001"),
            ("1152921504606846976", "0.000000000000000005", "5.76460752303423488"),
            ("1490116119384765625", "0.00000000000000128", "1907.34863281250000".trim_end_matches('0')),
            ("9999999999999999999", "1", "9999999999999999999"),
            ("9999999999999999999.999999999999999999", "1", "9999999999999999999.999999999999999999"),
            ("5000000000000000000", "2", "range"),
            ("2500000000000000000", "-4", "range"),
            ("9999999999999999999", "9999999999999999999", "range"),
            ("3333333333333333333", "3", "9999999999999999999"),
            ("0.000000000512", "0.000001953125", "0.000000000000001"),
        ] {
            assert_eq!(shown(number(left).multiply(number(right))), product, "{left} * {right}");
            assert_eq!(shown(number(right).multiply(number(left))), product, "{right} * {left}");
        }
    }

    #[test]
    fn quotients_are_exact_or_refused() {
        for (left, right, quotient) in [
            ("6", "3", "2"),
            ("1", "3", "range"),
            ("1", "0", "zero"),
            ("0", "0", "zero"),
            ("0", "-7", "0"),
            ("-1", "8", "-0.125"),
            ("1", "-8", "-0.125"),
            ("-1", "-8", "0.125"),
            ("1", "262144", "0.000003814697265625"),
            ("1", "524288", "range"),
            ("1", "3814697265625", "0.000000000000262144"),
            ("1", "19073486328125", "range"),
            ("1", "1000000000000000000", "0.000000000000000001"),
            ("0.000000000000000001", "0.000000000000000003", "range"),
            ("0.3", "0.1", "3"),
            ("9999999999999999999", "0.1", "range"),
            ("9999999999999999999", "0.000000000000000001", "range"),
            ("999999999999999999", "0.1", "9999999999999999990"),
        ] {
            assert_eq!(shown(number(left).divide(number(right))), quotient, "{left} / {right}");
        }
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        for (left, right, remainder) in [
            ("5", "3", "2"),
            ("-5", "3", "-2"),
            ("5", "-3", "2"),
            ("-5", "-3", "-2"),
            ("5.5", "2", "1.5"),
            ("-0.5", "0.2", "-0.1"),
            ("-6", "3", "0"),
            ("5", "0", "zero"),
        ] {
            assert_eq!(shown(number(left).remainder(number(right))), remainder, "{left} % {right}");
        }
    }

    #[test]
    fn numbers_are_written_without_exponent_and_without_a_negative_zero() {
        assert_eq!(number("0").negate().unwrap().to_string(), "0");
        assert_eq!(number("-0.050").to_string(), "-0.05");
        assert_eq!(number("-12.5").to_string(), "-12.5");
        assert_eq!(number("-3").to_string(), "-3");
    }

    #[test]
    fn whole_numbers_and_indexes_are_told_apart_from_others() {
        assert_eq!(number("3").as_whole(), Some(3));
        assert_eq!(number("-3").as_whole(), Some(-3));
        assert_eq!(number("3.5").as_whole(), None);
        assert_eq!(number("3").as_index(), Some(3));
        assert_eq!(number("0").as_index(), Some(0));
        assert_eq!(number("-3").as_index(), None);
        assert_eq!(number("0.5").as_index(), None);
        assert!(number("-0.1").is_negative() && !number("0").is_negative() && !number("0.1").is_negative());
    }

    #[test]
    fn machine_numbers_become_numbers() {
        assert_eq!(Number::from(0), Number::ZERO);
        assert_eq!(Number::from(i64::MAX).to_string(), "9223372036854775807");
        assert_eq!(Number::from(i64::MIN).to_string(), "-9223372036854775808");
    }

    #[test]
    fn order_is_that_of_the_values() {
        assert!(number("-1") < number("-0.5") && number("-0.5") < number("0") && number("2") < number("10"));
        assert_eq!(number("1.0"), number("1"));
    }
}
