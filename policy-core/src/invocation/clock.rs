//! What the runtime's clock shows (R, `window` and `not_after`).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Timestamp;

/// Bytes of the name of a time zone.
const ZONE_BYTES: usize = 64;
/// Minutes of a day.
const DAY_MINUTES: u16 = 1_440;

/// What the clock shows: the time of the week in the zones that policies name, and the time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    /// The time of the week, by zone.
    pub zones: Zones,
    /// The time, in UTC.
    pub utc: Option<Timestamp>,
}

/// A day of the week; it orders from Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Day {
    /// `mon`
    Monday,
    /// `tue`
    Tuesday,
    /// `wed`
    Wednesday,
    /// `thu`
    Thursday,
    /// `fri`
    Friday,
    /// `sat`
    Saturday,
    /// `sun`
    Sunday,
}

impl Day {
    /// All days, from Monday.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// The day of the name `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str() == text)
    }

    /// The name: three lower-case letters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "mon",
            Self::Tuesday => "tue",
            Self::Wednesday => "wed",
            Self::Thursday => "thu",
            Self::Friday => "fri",
            Self::Saturday => "sat",
            Self::Sunday => "sun",
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The name of a time zone: 1 to 64 of `[A-Za-z0-9_+/-]`. Whether there is such a zone is the runtime's to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(String);

impl ZoneName {
    /// Reads the name of a zone.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'/' | b'-');
        let valid = (1..=ZONE_BYTES).contains(&text.len()) && text.bytes().all(allowed);
        valid.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A minute of the week in one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneTime {
    day: Day,
    minute: u16,
}

impl ZoneTime {
    /// The `minute` of `day`, 0 to 1439; nothing for another minute.
    pub fn new(day: Day, minute: u16) -> Option<Self> {
        (minute < DAY_MINUTES).then_some(Self { day, minute })
    }

    /// The day.
    pub const fn day(self) -> Day {
        self.day
    }

    /// The minute of the day, 0 to 1439.
    pub const fn minute(self) -> u16 {
        self.minute
    }
}

/// The time of the week in each of some zones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Zones(Vec<(ZoneName, ZoneTime)>);

impl Zones {
    /// Says what time it is in a zone, in place of what was said before.
    pub fn insert(&mut self, zone: ZoneName, time: ZoneTime) {
        match self.place(zone.as_str()) {
            Ok(place) => {
                if let Some((_, of_zone)) = self.0.get_mut(place) {
                    *of_zone = time;
                }
            }
            Err(place) => self.0.insert(place, (zone, time)),
        }
    }

    /// All, by the bytes of their names.
    pub fn iter(&self) -> impl Iterator<Item = &(ZoneName, ZoneTime)> {
        self.0.iter()
    }

    /// The time of the week in a zone.
    pub fn get(&self, zone: &str) -> Option<&ZoneTime> {
        self.0.get(self.place(zone).ok()?).map(|(_, time)| time)
    }

    /// How many zones.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, zone: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(zone))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Day, ZoneName, ZoneTime};

    #[test]
    fn days_have_their_names_and_order() {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        for (day, name) in Day::ALL.into_iter().zip(names) {
            assert_eq!((day.as_str(), day.to_string().as_str(), Day::parse(name)), (name, name, Some(day)));
        }
        assert!(Day::ALL.is_sorted());
        for text in ["", "Mon", "monday", "mo", "mon "] {
            assert_eq!(Day::parse(text), None);
        }
    }

    #[test]
    fn zones_are_named_by_their_characters_and_length() {
        for text in ["UTC", "Europe/Berlin", "Etc/GMT+1", "Etc/GMT-1", "a_b", "9", &"z".repeat(64)] {
            let zone = ZoneName::parse(text).unwrap();
            assert_eq!((zone.as_str(), zone.to_string().as_str()), (text, text));
        }
        for text in ["", "Europe Berlin", "Europe.Berlin", "é", "a:b", "UTC\n", &"z".repeat(65)] {
            assert_eq!(ZoneName::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_day_has_1440_minutes() {
        let last = ZoneTime::new(Day::Friday, 1_439).unwrap();
        assert_eq!((last.day(), last.minute()), (Day::Friday, 1_439));
        assert_eq!(ZoneTime::new(Day::Friday, 0).unwrap().minute(), 0);
        assert_eq!(ZoneTime::new(Day::Friday, 1_440), None);
    }

    #[test]
    fn zones_can_be_asked_by_a_text() {
        let time = ZoneTime::new(Day::Monday, 5).unwrap();
        let mut clock = Clock::default();
        clock.zones.insert(ZoneName::parse("UTC").unwrap(), time);
        assert_eq!((clock.zones.get("UTC"), clock.zones.get("utc")), (Some(&time), None));
        let later = ZoneTime::new(Day::Monday, 6).unwrap();
        clock.zones.insert(ZoneName::parse("UTC").unwrap(), later);
        clock.zones.insert(ZoneName::parse("CET").unwrap(), time);
        assert_eq!((clock.zones.get("UTC"), clock.zones.get("CET")), (Some(&later), Some(&time)));
        assert!(clock.zones.len() == 2 && !clock.zones.is_empty());
    }
}
