use crate::PolicyFile;

use super::{FormatError, Outcome, format, format_files};

/// Formats to `after`, which stays as it is.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let formatted = format(before).unwrap_or_else(|error| panic!("{error:?}\n{before}"));
    assert_eq!(formatted, after, "\n--- expected\n{after}\n--- found\n{formatted}");
    assert_eq!(format(after).as_deref(), Ok(after), "a second time");
}

/// The same for what stands right of `=`.
#[track_caller]
fn value_becomes(before: &str, after: &str) {
    becomes(&format!("a = {before}"), &format!("a = {after}\n"));
}

#[test]
fn blocks_are_indented_by_two_spaces() {
    becomes(
        "account \"prod\"{\nid=\"222222222222\"\n\tpermit   \"x\"   {\n      refs = any()\n   }\n}",
        "account \"prod\" {\n  id = \"222222222222\"\n  permit \"x\" {\n    refs = any()\n  }\n}\n",
    );
    becomes("a    {   }", "a {}\n");
    becomes("a {x=1}", "a { x = 1 }\n");
    becomes("a {\n\n}", "a {\n}\n");
    becomes("a b \"c\"{}", "a b \"c\" {}\n");
}

#[test]
fn equal_signs_of_consecutive_lines_stand_under_each_other() {
    becomes("a = 1\nlonger = 2\n", "a      = 1\nlonger = 2\n");
    becomes("a = 1\n\nlonger = 2\n", "a = 1\n\nlonger = 2\n");
    becomes("a = 1\n# note\nlonger = 2\n", "a = 1\n# note\nlonger = 2\n");
    becomes("x {\n a = 1\n longer = [\n 1\n ]\n b = 2\n}\n", "x {\n  a = 1\n  longer = [\n    1\n  ]\n  b = 2\n}\n");
    becomes("x = {\n a = 1\n longer = 2\n}\n", "x = {\n  a      = 1\n  longer = 2\n}\n");
    becomes("x = {\n a : 1\n longer = 2\n}\n", "x = {\n  a : 1\n  longer = 2\n}\n");
    becomes("x = {\n a = 1,\n longer = 2,\n}\n", "x = {\n  a      = 1,\n  longer = 2,\n}\n");
    becomes("x = [\n {a = 1},\n {longer = 1},\n]\n", "x = [\n  { a = 1 },\n  { longer = 1 },\n]\n");
}

#[test]
fn characters_are_counted_as_people_see_them() {
    becomes("x = {\n  \"e\u{301}\" = 1\n  \"ab\" = 2\n}\n", "x = {\n  \"e\u{301}\"  = 1\n  \"ab\" = 2\n}\n");
}

#[test]
fn equal_signs_inside_a_line_are_no_column() {
    becomes("x = { a = 1,\n  longer = 2,\n  b = 3 }\n", "x = { a = 1,\n  longer = 2,\nb = 3 }\n");
    becomes("a { x = 1 }\nlonger { y = 2 }\n", "a { x = 1 }\nlonger { y = 2 }\n");
}

#[test]
fn comments_stay_where_they_are() {
    becomes("# a\n//b\n/* c */\nx=1", "# a\n//b\n/* c */\nx = 1\n");
    becomes(
        "x {# why\na=1# b\nlonger=2 //c\n   # own line\n}",
        "x {          # why\n  a      = 1 # b\n  longer = 2 //c\n  # own line\n}\n",
    );
    becomes("a=/* c */1", "a = /* c */ 1\n");
    becomes("a=f(/* c */1,/* d */)", "a = f(/* c */ 1, /* d */)\n");
    becomes("/* a\t \n   b\n*/\n", "/* a\n   b\n*/\n");
    becomes("x {\n/* a\n b */\n}\n", "x {\n  /* a\n b */\n}\n");
    becomes("# end", "# end\n");
    becomes("#  \t\r", "#\n");
    becomes("a /* x\ny */ = 1 # z\nlonger = 2 # w\n", "a /* x\ny */ = 1 # z\nlonger = 2 # w\n");
}

#[test]
fn comments_at_ends_of_lines_stand_under_each_other() {
    becomes("a = 1 # x\nb = \"yes\" # y\n", "a = 1     # x\nb = \"yes\" # y\n");
    becomes("a = 1 # x\nb = \"yes\"\nc = 22 # y\n", "a = 1 # x\nb = \"yes\"\nc = 22 # y\n");
    becomes("l = [\n\"a\", # x\n\"bbb\", # y\n]\n", "l = [\n  \"a\",   # x\n  \"bbb\", # y\n]\n");
}

#[test]
fn at_most_one_empty_line_is_kept_and_none_at_the_edges() {
    becomes("\n\n\na = 1\n\n\n\nb = 2\n\n\n", "a = 1\n\nb = 2\n");
    becomes("x {\n\n  a = 1\n\n}\n", "x {\n  a = 1\n}\n");
    becomes("x { # why\n\n\n  a = 1\n \t\n}\n", "x { # why\n  a = 1\n}\n");
    becomes("x = [\n\n1,\n\n2,\n\n]\n", "x = [\n  1,\n\n  2,\n]\n");
    becomes("x {\n\n# a\n\n}\n", "x {\n  # a\n}\n");
}

#[test]
fn an_empty_file_stays_empty() {
    for blank in ["", "\n", " \t\r\n\n", "\u{feff}"] {
        becomes(blank, "");
    }
}

#[test]
fn line_ends_and_byte_order_marks_are_those_of_unix() {
    becomes("\u{feff}a {\r\n  b = 1 # c\r\n\r\n\r\n  /* d\r\n e */\r\n}\r\n", "a {\n  b = 1 # c\n\n  /* d\n e */\n}\n");
}

#[test]
fn heredocs_keep_every_byte() {
    becomes(
        "x {\na = <<EOT\n  one \t\r\n ${ b }\n\n\nEOT  \nlonger=1\n}\n",
        "x {\n  a      = <<EOT\n  one \t\r\n ${ b }\n\n\nEOT\n  longer = 1\n}\n",
    );
    becomes("x {\na =<<-EOT\n\t  one\n\t two\n\t EOT\n}\n", "x {\n  a = <<-EOT\n\t  one\n\t two\n\t EOT\n}\n");
    becomes("a = f(<<EOT\n{ [ \"\nEOT\n,1)\n", "a = f(<<EOT\n{ [ \"\nEOT\n, 1)\n");
    becomes("a = <<EOT\nx\nEOT", "a = <<EOT\nx\nEOT\n");
}

#[test]
fn texts_are_never_looked_into() {
    value_becomes(r#""  ${ a+b }  # no  %{ if   x }{%{ endif }""#, r#""  ${ a+b }  # no  %{ if   x }{%{ endif }""#);
    value_becomes("\"${\n  [ 1,2 ] # {\n}\"", "\"${\n  [ 1,2 ] # {\n}\"");
    value_becomes(r#""\"{" == "$${""#, r#""\"{" == "$${""#);
    value_becomes("\"${<<E\n}\"\nE\n}\"", "\"${<<E\n}\"\nE\n}\"");
}

#[test]
fn spaces_inside_a_line_are_evened_out() {
    value_becomes("[a,b ,  c]", "[a, b, c]");
    value_becomes("[ a, ]", "[a, ]");
    value_becomes("{a=1,b:2}", "{ a = 1, b : 2 }");
    value_becomes("{ }", "{}");
    value_becomes("[ ]", "[]");
    value_becomes("f ( a,b... )", "f(a, b...)");
    value_becomes("( a+b )*c", "(a + b) * c");
    value_becomes("a . b [ 0 ] . * . c [ * ] .0 .1", "a.b[0].*.c[*].0.1");
    value_becomes("a.* *2", "a.* * 2");
    value_becomes("1 .5", "1 .5");
    value_becomes("1 .x", "1.x");
    value_becomes("\"a\" [0]", "\"a\"[0]");
    value_becomes("a?b:c", "a ? b : c");
    value_becomes("a&&! b||c!=d", "a && !b || c != d");
    value_becomes("{for k,v in [1]:k=>v...if(v)>- 1}", "{ for k, v in [1] : k => v... if (v) > -1 }");
    value_becomes("[ for x in -  y:x ]", "[for x in -y : x]");
}

#[test]
fn a_minus_subtracts_or_negates() {
    value_becomes("b -c", "b - c");
    value_becomes("b-c -d", "b-c - d");
    value_becomes("- b - - c", "-b - -c");
    value_becomes("[- 1,-1]", "[-1, -1]");
    value_becomes("(\nb\n-c\n)", "(\n  b\n  - c\n)");
    value_becomes("f(b)-1", "f(b) - 1");
    value_becomes("b.*-1", "b.* - 1");
    value_becomes("b == -1 ? -1 : - c", "b == -1 ? -1 : -c");
    value_becomes("[for x in y : x if - x > 0]", "[for x in y : x if -x > 0]");
}

#[test]
fn a_line_is_indented_once_for_each_line_that_left_brackets_open() {
    value_becomes("f([\n1,\n2,\n])", "f([\n  1,\n  2,\n])");
    value_becomes("[{\nb = 1\n}]", "[{\n  b = 1\n}]");
    value_becomes("[\n{\nb = f(\n1\n)\n},\n]", "[\n  {\n    b = f(\n      1\n    )\n  },\n]");
    value_becomes("concat(b, [\n1\n], c)", "concat(b, [\n  1\n], c)");
}

#[test]
fn names_like_keywords_are_names() {
    becomes("for = 1\nin=2\nif  = for\n", "for = 1\nin  = 2\nif  = for\n");
    becomes("x {\n  for = 1\n  if  = f (2)\n}\n", "x {\n  for = 1\n  if  = f(2)\n}\n");
}

#[test]
fn what_is_no_hcl_is_refused_with_what_the_parser_says() {
    let Err(FormatError::NotHcl(diagnostics)) = format("a = \nb = 1\n") else { panic!("it was formatted") };
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code.as_str(), "PL101");
    assert!(matches!(format("a = 1\na = 2\n"), Err(FormatError::NotHcl(_))));
}

#[test]
fn the_standard_commands_are_formatted() {
    becomes(crate::STANDARD, crate::STANDARD);
}

#[test]
fn one_bad_file_does_not_keep_others_from_it() {
    let files = [("b.hcl", "a=1"), ("a.hcl", "a="), ("c.hcl", "\u{feff}a=1")];
    let report = format_files(files.map(|(name, text)| PolicyFile::new(name, text)).into());
    let outcomes: Vec<_> = report.files.iter().map(|file| (&*file.name, &file.outcome)).collect();
    let good = Outcome::Formatted("a = 1\n".to_owned());
    assert_eq!(outcomes, [("a.hcl", &Outcome::Refused), ("b.hcl", &good), ("c.hcl", &good)]);
    assert_eq!(report.diagnostics.len(), 1);
    let not_text = format_files(vec![PolicyFile::new("a.hcl", vec![0xff])]);
    assert_eq!((not_text.files[0].outcome == Outcome::Refused, not_text.diagnostics.len()), (true, 1));
    assert!(format_files(Vec::new()).files.is_empty());
}

#[test]
fn a_change_of_more_than_the_layout_is_refused() {
    let text = "a = [1, 2] # note\nb = 3\n";
    let body = super::read(text).unwrap();
    let tokens = super::tokens_of(text, body.clone()).unwrap();
    let verdict = |after: &str| super::verify(&tokens, body.clone(), after);
    assert!(verdict("a=[1,2]#note \n\n\nb=3").is_err());
    assert_eq!(verdict("a=[1,2]# note \n\n\nb=3"), Ok(()));
    for changed in [
        "a = [1, 2] # note\nb = 4\n",
        "a = [1, 2] # note\n",
        "a = [1, 2]\nb = 3\n",
        "a = [1,\n2] # note\nb = 3\n",
        "b = 3\na = [1, 2] # note\n",
        "a = [1, 2 # note\nb = 3\n",
    ] {
        assert!(matches!(verdict(changed), Err(FormatError::Bug(_))), "{changed}");
    }
}
