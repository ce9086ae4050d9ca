//! A point in time, as people write it on the command line.

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// Reads `2026-11-24`, `2026-11-24T08:15` or `2026-11-24T08:15:02Z`; without an offset it is local time.
pub fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    parse_in(text, &Local)
}

fn parse_in(text: &str, zone: &impl TimeZone) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN));
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let time = || formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let local = day().ok().or_else(time).ok_or("a date like 2026-11-24 or 2026-11-24T08:15 is needed")?;
    let time = zone.from_local_datetime(&local).earliest().ok_or("there was no such time of day here")?;
    Ok(time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;

    fn parsed(text: &str) -> Result<String, String> {
        let zone = FixedOffset::east_opt(3600).expect("a zone");
        parse_in(text, &zone).map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }

    #[test]
    fn dates_and_times_are_local_unless_they_say_otherwise() {
        assert_eq!(parsed("2026-11-24"), Ok("2026-11-23T23:00:00Z".into()));
        assert_eq!(parsed("2026-11-24T08:15"), Ok("2026-11-24T07:15:00Z".into()));
        assert_eq!(parsed("2026-11-24T08:15:02"), Ok("2026-11-24T07:15:02Z".into()));
        assert_eq!(parsed("2026-11-24T08:15:02-05:00"), Ok("2026-11-24T13:15:02Z".into()));
    }

    #[test]
    fn anything_else_is_no_date() {
        for bad in ["", "yesterday", "24.11.2026", "2026-13-01", "2026-11-24T25:00"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
