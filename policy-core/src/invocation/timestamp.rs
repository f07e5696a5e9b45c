//! Points in time (R, `not_after`).

use core::fmt;

/// A second in UTC, written `YYYY-MM-DDTHH:MM:SSZ`. It orders by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Timestamp {
    /// Reads `YYYY-MM-DDTHH:MM:SSZ`. Nothing unless it is a real time: a day that its month has, hours to 23, minutes and
    /// seconds to 59 (no leap second); there is no year 0000.
    pub fn parse(text: &str) -> Option<Self> {
        let [c0, c1, y0, y1, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] =
            *text.as_bytes()
        else {
            return None;
        };
        let (century, year) = (two_digits(c0, c1)?, two_digits(y0, y1)?);
        let read = Self {
            year: u16::from(century) * 100 + u16::from(year),
            month: two_digits(m0, m1)?,
            day: two_digits(d0, d1)?,
            hour: two_digits(h0, h1)?,
            minute: two_digits(n0, n1)?,
            second: two_digits(s0, s1)?,
        };
        read.is_real().then_some(read)
    }

    /// Year, month, day, hour, minute and second.
    pub(crate) fn parts(self) -> [u32; 6] {
        let Self { year, month, day, hour, minute, second } = self;
        [year.into(), month.into(), day.into(), hour.into(), minute.into(), second.into()]
    }

    fn is_real(self) -> bool {
        let day = (1..=days_of_month(self.year, self.month)).contains(&self.day);
        self.year > 0 && day && self.hour < 24 && self.minute < 60 && self.second < 60
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// The number of two ASCII digits.
fn two_digits(ten: u8, one: u8) -> Option<u8> {
    (ten.is_ascii_digit() && one.is_ascii_digit()).then(|| (ten - b'0') * 10 + (one - b'0'))
}

/// Days of a month, 0 where there is no such month.
fn days_of_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn real_times_are_read_and_written_back() {
        let mut times = vec![
            "0001-01-01T00:00:00Z".to_owned(),
            "2024-02-29T12:34:56Z".to_owned(),
            "2000-02-29T23:59:59Z".to_owned(),
            "9999-12-31T23:59:59Z".to_owned(),
        ];
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        times.extend(days.iter().zip(1..).map(|(day, month)| format!("2025-{month:02}-{day}T00:00:00Z")));
        for text in times {
            assert_eq!(Timestamp::parse(&text).map(|time| time.to_string()), Some(text));
        }
    }

    #[test]
    fn what_is_no_real_time_is_refused() {
        let days = [32, 29, 32, 31, 32, 31, 32, 32, 31, 32, 31, 32];
        for (day, month) in days.iter().zip(1..) {
            assert_eq!(Timestamp::parse(&format!("2025-{month:02}-{day}T00:00:00Z")), None);
        }
        let times = [
            "",
            "Z",
            "0000-01-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-02-30T00:00:00Z",
            "2025-00-01T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-01-00T00:00:00Z",
            "2025-01-01T24:00:00Z",
            "2025-01-01T00:60:00Z",
            "2025-01-01T00:00:60Z",
            "2025-01-01T00:00:00",
            "2025-01-01t00:00:00z",
            "2025-01-01 00:00:00Z",
            "2025-01-01T00:00:00+00:00",
            "2025-01-01T00:00:00.0Z",
            "2025-01-01T00:00Z",
            "2025-1-01T00:00:00Z",
            "2025-01-1T00:00:00Z",
            "2025-01-01T0:00:00Z",
            "02025-01-01T00:00:00Z",
            "225-01-01T00:00:00Z",
            "+025-01-01T00:00:00Z",
            "2025-+1-01T00:00:00Z",
            " 2025-01-01T00:00:00Z",
            "2025-01-01T00:00:00Z\n",
            "2025-01-01T00:00:00ZZ",
            "-2025-01-01T00:00:00Z",
            "2025-01-01T00:00:000Z",
        ];
        for text in times {
            assert_eq!(Timestamp::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_order_by_time() {
        let times = [
            "2024-12-31T23:59:59Z",
            "2025-01-01T00:00:00Z",
            "2025-01-01T00:00:01Z",
            "2025-01-01T00:01:00Z",
            "2025-01-01T01:00:00Z",
            "2025-01-02T00:00:00Z",
            "2025-02-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
        ];
        let read: Vec<_> = times.iter().filter_map(|text| Timestamp::parse(text)).collect();
        assert!(read.len() == times.len() && read.is_sorted_by(|before, after| before < after));
    }
}
