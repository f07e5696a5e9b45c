//! Addresses of AWS CodeCommit as its helper for git writes them (C1).

use alloc::string::String;

use super::Malformed;
use super::repository::{check_segment, without_git};
use crate::prose::say;
use crate::text::{parts, split_once};

/// How such an address begins.
pub(super) const PREFIX: &str = "codecommit::";

/// The identity of `REGION://[PROFILE@]NAME`, which is what stands behind [`PREFIX`].
pub(super) fn identity(text: &str) -> Result<String, Malformed> {
    let (region, rest) = text.split_once("://").ok_or_else(|| form("it has no `://` behind its region"))?;
    if !is_region(region) {
        return Err(form("what stands before `://` is no region of AWS"));
    }
    let name = match split_once(rest, b'@') {
        Some((profile, _)) if !is_profile(profile) => {
            return Err(form("its profile is not of letters, digits and `._-` without leading `-`"));
        }
        Some((_, name)) => name,
        None => rest,
    };
    if name.contains('/') {
        return Err(form("a repository of CodeCommit has a name without `/`"));
    }
    let name = without_git(name)?;
    check_segment(name)?;
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    Ok(say("git-codecommit.{}.{}/v1/repos/{}", &[region, domain, name]))
}

/// `[a-z]{2}(-[a-z]+)+-[0-9]{1,2}`.
fn is_region(text: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((words, digits)) = text.rsplit_once('-') else { return false };
    let mut count = 0;
    let good = parts(words, b'-').all(|word| {
        count += 1;
        letters(word) && (count > 1 || word.len() == 2)
    });
    good && count > 1 && matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[A-Za-z0-9._][A-Za-z0-9._-]*`.
fn is_profile(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(allowed)
}

fn form(why: &str) -> Malformed {
    Malformed::new(why).help("write `codecommit::REGION://NAME`, as in `codecommit::eu-west-1://infrastructure`")
}

#[cfg(test)]
mod tests {
    use super::{identity, is_region};

    // C1
    #[test]
    fn an_address_is_the_one_that_git_is_led_to() {
        for (text, expected) in [
            ("eu-west-1://live", "git-codecommit.eu-west-1.amazonaws.com/v1/repos/live"),
            ("us-gov-west-1://Live.git", "git-codecommit.us-gov-west-1.amazonaws.com/v1/repos/Live"),
            ("cn-north-1://ci@live", "git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/live"),
            ("ap-southeast-12://._A-1@a%20b", "git-codecommit.ap-southeast-12.amazonaws.com/v1/repos/a%20b"),
        ] {
            assert_eq!(identity(text).unwrap(), expected, "{text}");
        }
    }

    // C1
    #[test]
    fn everything_else_is_refused_without_its_profile() {
        for text in [
            "",
            "eu-west-1",
            "eu-west-1:live",
            "://live",
            "EU-west-1://live",
            "eu-west-1://",
            "eu-west-1://.git",
            "eu-west-1://a/b",
            "eu-west-1://live/",
            "eu-west-1://live.git.git",
            "eu-west-1://live.GIT",
            "eu-west-1://..",
            "eu-west-1://-live",
            "eu-west-1://a+b",
            "eu-west-1://@live",
            "eu-west-1://-secret@live",
            "eu-west-1://sec:ret@live",
            "eu-west-1://secret@a@b",
            "eu-west-1://secret@",
            "//secret@live",
        ] {
            let malformed = identity(text).unwrap_err();
            assert!(!malformed.message.contains("secret") && malformed.help.is_some(), "{text}: {malformed}");
        }
    }

    #[test]
    fn regions_have_two_letters_words_and_a_number() {
        for text in ["eu-west-1", "us-gov-east-1", "ap-southeast-12", "ab-c-9"] {
            assert!(is_region(text), "{text}");
        }
        for text in [
            "",
            "eu",
            "eu-1",
            "eu-west",
            "eu-west-",
            "eu-west-123",
            "eu--west-1",
            "e-west-1",
            "eur-west-1",
            "eu-w3st-1",
            "eu-west-1a",
            "-eu-west-1",
        ] {
            assert!(!is_region(text), "{text}");
        }
    }
}
