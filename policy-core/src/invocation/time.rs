//! Days of the week and moments in UTC.

use std::fmt;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Day {
    /// All days, from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The word for it, such as `mon`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    /// The day of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str() == text)
    }
}

/// A moment in UTC to the second; later ones are greater.
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
    /// Reads `YYYY-MM-DDTHH:MM:SSZ`; none where that is not a real time. Second 60 is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        let shape = b"0000-00-00T00:00:00Z";
        let fits = bytes.iter().zip(shape).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form });
        if !fits {
            return None;
        }
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
        let small = |range| number(range).and_then(|number| u8::try_from(number).ok());
        let (year, month, day) = (number(0..4)?, small(5..7)?, small(8..10)?);
        let (hour, minute, second) = (small(11..13)?, small(14..16)?, small(17..19)?);
        let real = (1..=days_of_month(year, month)).contains(&day) && hour < 24 && minute < 60 && second < 60;
        real.then_some(Self { year, month, day, hour, minute, second })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

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
    use super::{Day, Timestamp};

    #[test]
    fn days_have_their_words() {
        for day in Day::ALL {
            assert_eq!(Day::parse(day.as_str()), Some(day));
        }
        assert_eq!(Day::parse("Mon"), None);
    }

    #[test]
    fn only_real_times_are_times() {
        for text in [
            "2027-01-31T18:00:00Z", "2024-02-29T00:00:00Z", "2000-02-29T23:59:59Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
            "2026-04-30T00:00:00Z", "2026-06-30T00:00:00Z", "2026-07-31T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "", "2027-01-31", "2027-01-31T18:00:00", "2027-01-31t18:00:00z", "2027-01-31T18:00:00+", "2027-01-31 18:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z", "+026-01-01T00:00:00Z", "2026-1-01T00:00:000Z", "２026-01-01T00:00:Z", "2026-01-01T00:00:00.0Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn later_times_are_greater() {
        let texts = [
            "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:01:00Z", "2026-01-01T01:00:00Z",
            "2026-01-02T00:00:00Z", "2026-02-01T00:00:00Z",
        ];
        let times: Vec<_> = texts.iter().map(|text| Timestamp::parse(text).unwrap()).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
