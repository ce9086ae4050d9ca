//! The 14 guidelines of POSIX's Utility Syntax (XBD 12.2), each for every command: what is accepted and what is refused.
//!
//! The lines are made of the command definitions, so that a new command or option is held against them as well. Two lines
//! mean the same when they are read into the same options.

#[path = "support/syntax.rs"]
mod syntax;

use chat::Failure;
use clap::{ArgAction, Command};
use syntax::{Line, commands, flags, line, options_with_argument};

#[test]
fn guidelines_1_and_2_names_are_short_and_of_small_letters() {
    let main = chat::command();
    for name in std::iter::once(&main).chain(main.get_subcommands()).map(Command::get_name) {
        assert!((2..=9).contains(&name.len()), "{name}");
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()), "{name}");
    }
}

#[test]
fn guideline_3_every_option_is_one_letter_and_w_is_left_to_vendors() {
    for command in commands() {
        for option in command.get_arguments().filter(|option| !option.is_positional()) {
            let letter = option.get_short();
            assert!(letter.is_some_and(|letter| letter.is_ascii_alphanumeric() && letter != 'W'), "{option:?}");
        }
    }
}

#[test]
fn guideline_4_only_a_hyphen_begins_an_option() {
    for command in commands() {
        for flag in flags(&command) {
            let word = format!("+{flag}");
            Line::of(&command).with(&[&word]).ends_like(&Line::of(&command).with(&["--", &word]));
        }
    }
}

#[test]
fn guideline_5_options_without_argument_are_grouped_and_one_with_an_argument_ends_the_group() {
    for command in commands() {
        for pair in flags(&command).windows(2) {
            let group = format!("-{}{}", pair[0], pair[1]);
            let (first, second) = (format!("-{}", pair[0]), format!("-{}", pair[1]));
            Line::of(&command).with(&[&group]).ends_like(&Line::of(&command).with(&[&first, &second]));
        }
        for (flag, (option, value)) in flags(&command).first().into_iter().zip(options_with_argument(&command)) {
            let apart = Line::of(&command).with(&[&format!("-{flag}"), &format!("-{option}"), &value]);
            Line::of(&command).with(&[&format!("-{flag}{option}"), &value]).means(&apart);
            Line::of(&command).with(&[&format!("-{flag}{option}{value}")]).means(&apart);
        }
    }
}

#[test]
fn guideline_6_an_option_argument_is_the_next_word_or_the_rest_of_this_one() {
    for command in commands() {
        for (option, value) in options_with_argument(&command) {
            let apart = Line::of(&command).with(&[&format!("-{option}"), &value]);
            apart.is_accepted();
            Line::of(&command).with(&[&format!("-{option}{value}")]).means(&apart);
        }
    }
}

/// `-t=5` is `-t` with `=5`, and `-t -5` is `-t` with `-5`, whatever the two may be good for.
#[test]
fn guideline_6_an_option_argument_may_begin_with_any_character() {
    for command in commands() {
        for (option, _) in options_with_argument(&command) {
            for value in ["=5", "==", "-5", "-v", "--", "-", "--help"] {
                let option = format!("-{option}");
                let apart = Line::of(&command).with(&[&option, value]);
                Line::of(&command).with(&[&format!("{option}{value}")]).ends_like(&apart);
            }
        }
    }
    line("unread -t=5").is_refused();
    line("unread -n=5").is_refused();
    line("unread -t -5").is_refused();
    line("send -s=5 a@b.example").means(&line("send --subject==5 a@b.example"));
    line("send -s -5 a@b.example").means(&line("send --subject=-5 a@b.example"));
    line("send -s -- a@b.example").means(&line("send --subject=-- a@b.example"));
    line("send -jp- a@b.example").means(&line("send -j -p - a@b.example"));
}

#[test]
fn guideline_7_no_option_argument_is_optional() {
    for command in commands() {
        for (option, _) in options_with_argument(&command) {
            let name = command.get_name();
            line(&format!("{name} -{option}")).is_refused();
        }
    }
}

#[test]
fn guideline_8_several_things_in_one_argument_are_separated_by_commas() {
    line("send a@b.example,c@d.example hi").is_accepted();
}

/// The word after the first operand is an operand too, whatever it begins with.
#[test]
fn guideline_9_options_come_before_operands() {
    for command in commands() {
        for word in ["-v", "-j", "--", "-t5", "--help", "-", "--no-such-option"] {
            let name = command.get_name();
            let operand = "a@b.example";
            let delimited = line(&format!("{name} -- {operand} {word}"));
            line(&format!("{name} {operand} {word}")).ends_like(&delimited);
        }
    }
    line("login a@b.example -v").is_refused();
    line("unread a@b.example -v").fails_with(65);
    line("send a@b.example -5 degrees").means(&line("send -- a@b.example -5 degrees"));
    line("send a@b.example hi -- -v").means(&line("send -- a@b.example hi -- -v"));
}

#[test]
fn guideline_10_two_hyphens_end_the_options() {
    for command in commands() {
        let plain = Line::of(&command);
        plain.with(&["--"]).means(&plain);
    }
    line("-- send a@b.example hi").means(&line("send a@b.example hi"));
    line("unread -- -v").fails_with(65);
    line("send -- -v").fails_with(65);
}

#[test]
fn guideline_11_the_order_of_options_does_not_matter_and_of_repeated_ones_the_last_counts() {
    for command in commands() {
        let options = options_with_argument(&command);
        for pair in options.windows(2) {
            let [first, second] = [0, 1].map(|at| format!("-{}{}", pair[at].0, pair[at].1));
            let [one, other] = [[&first, &second], [&second, &first]]
                .map(|options| Line::of(&command).with(&options.map(String::as_str)).read().ok());
            // Two that exclude each other do so in either order.
            assert_eq!(one, other, "{first} {second}");
        }
        for (option, value) in options.iter().filter(|(option, _)| !is_a_list(&command, *option)) {
            let once = Line::of(&command).with(&[&format!("-{option}"), value]);
            Line::of(&command).with(&[&format!("-{option}"), value, &format!("-{option}"), value]).means(&once);
        }
        for flag in flags(&command) {
            let once = Line::of(&command).with(&[&format!("-{flag}")]);
            Line::of(&command).with(&[&format!("-{flag}{flag}")]).means(&once);
        }
    }
    line("unread -t 5 -t 6").means(&line("unread -t 6"));
}

#[test]
fn guideline_12_the_order_of_operands_is_kept() {
    assert_ne!(line("send a@b.example c@d.example").read(), line("send c@d.example a@b.example").read());
}

#[test]
fn guideline_13_a_single_hyphen_is_standard_input() {
    line("send -j a@b.example -").means(&line("send -j -- a@b.example -"));
    line("unread -p - -u a@b.example").is_accepted();
}

#[test]
fn guideline_14_what_looks_like_an_option_is_one() {
    for command in commands() {
        for word in ["-5", "-W", "-\u{e9}", "--no-such-option", "---"] {
            Line::of(&command).with(&[word]).is_refused();
        }
    }
}

/// Its arguments are interpreted in the order of the line, all of them.
fn is_a_list(command: &Command, option: char) -> bool {
    let mut options = command.get_arguments();
    options.any(|arg| arg.get_short() == Some(option) && matches!(arg.get_action(), ArgAction::Append))
}

/// Not of POSIX, but promised: long options are written out, and with `=` or a space.
#[test]
fn long_options_are_never_abbreviated() {
    line("unread --timeout=5").means(&line("unread -t 5"));
    line("unread --timeout 5").means(&line("unread -t 5"));
    line("unread --timeout==5").is_refused();
    line("unread --time 5").is_refused();
    line("unr").is_refused();
}

#[test]
fn a_malformed_address_is_bad_data_wherever_it_stands() {
    for words in ["unread @bad", "unread -u @bad", "login @bad", "logout @bad", "send -u@bad a@b.example hi"] {
        line(words).fails_with(65);
    }
}

/// A `Failure` can be looked at without being printed.
#[test]
fn asking_for_help_is_no_failure() {
    for command in commands() {
        let failure = chat::parse(["chat", command.get_name(), "-h"].map(Into::into)).expect_err("help");
        assert!(matches!(failure, Failure::Usage(error) if !error.use_stderr()));
    }
}
