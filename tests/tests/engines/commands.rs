//! Random commands: what they take is an outer bound, so that what rules ask of arguments decides often.

use crate::patterns::{self, List, PATH_VALUES, VALUES};
use workspace_tests::chance::Chance;

/// An option, or the positional arguments.
pub(crate) struct Taken {
    /// Its spellings; none for positional arguments.
    pub(crate) spellings: &'static [&'static str],
    /// The values it takes, if not any.
    pub(crate) values: Option<List>,
    /// How often it may be given, and must be.
    pub(crate) most: usize,
    pub(crate) least: usize,
    /// Whether a value is a path, and whether it may begin with `-`.
    pub(crate) path: bool,
    pub(crate) plain: bool,
    /// Whether it must be given (A1).
    pub(crate) required: bool,
}

/// A command.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) takes: Vec<Taken>,
    pub(crate) flags: &'static [&'static str],
}

pub(crate) const RUNNERS: &str = "runner \"planner\" {\n  image = \"planner:1\"\n  role = \"planner\"\n  environment = { A = \"1\" }\n}\n\
runner \"applier\" {\n  image = \"applier:1\"\n  role = \"applier\"\n}\n";

struct Shape {
    name: &'static str,
    head: &'static str,
    /// Spellings and what else the block says.
    options: &'static [(&'static [&'static str], &'static str)],
    flags: &'static [&'static str],
    positional: Option<&'static str>,
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "plan",
        head: "  runner = \"planner\"\n  program = [\"tool\", \"plan\"]\n  effect = \"read\"\n",
        options: &[(&["-target", "--target"], "repeat = true")],
        flags: &["-refresh"],
        positional: None,
    },
    Shape {
        name: "apply",
        head: "  runner = \"applier\"\n  program = [\"tool\", \"apply\", \"-input=false\"]\n  effect = \"write\"\n  plan = \"plan\"\n  \
               always = [\"-lock=5m\"]\n  trailing = [\"--end\"]\n  environment = { B = \"2\" }\n",
        options: &[
            (&["-target", "--target"], "repeat = true"),
            (&["--var-file", "-var-file"], "kind = \"path\""),
            (&["-x", "--x"], "separate = true"),
            (&["--reason", "-reason"], "required = true"),
            (&["--token", "-token"], "secret = true"),
        ],
        flags: &["-refresh", "--refresh"],
        positional: Some("max = 3"),
    },
    Shape {
        name: "patch",
        head: "  runner = \"applier\"\n  program = [\"tool\", \"patch\", \"-x\"]\n  effect = \"write\"\n  dashes = \"exact\"\n",
        options: &[(&["-t"], "repeat = true\n    required = true"), (&["--t"], "repeat = true\n    separate = true")],
        flags: &[],
        positional: Some("min = 1\n    max = 4\n    secret = true"),
    },
    Shape {
        name: "copy",
        head: "  runner = \"planner\"\n  program = [\"copy\"]\n  effect = \"write\"\n  plan = \"plan\"\n",
        options: &[],
        flags: &[],
        positional: Some("max = 256\n    kind = \"path\""),
    },
    Shape { name: "status", head: "  verb = \"status\"\n", options: &[], flags: &[], positional: None },
    Shape { name: "logs", head: "  verb = \"logs\"\n", options: &[], flags: &[], positional: None },
];

pub(crate) fn commands(chance: &mut Chance) -> Vec<Command> {
    SHAPES.iter().map(|shape| command(chance, shape)).collect()
}

fn command(chance: &mut Chance, shape: &Shape) -> Command {
    let mut lines = vec![format!("command \"{}\" {{\n{}", shape.name, shape.head)];
    let mut takes = Vec::new();
    let options = shape.options.iter().map(|(spellings, more)| (*spellings, *more));
    for (spellings, more) in options.chain(shape.positional.map(|more| (&[][..], more))) {
        let kind = if more.contains("path") { PATH_VALUES } else { VALUES };
        let values = chance.once_in(4).then(|| patterns::list(chance, &kind));
        let header = spellings.first().map_or("positional".to_owned(), |name| format!("option \"{name}\""));
        let written = values.as_ref().map_or("any()", |list| &list.text);
        lines.push(format!("  {header} {{\n    values = {written}\n    {more}\n  }}\n"));
        let positional = spellings.is_empty();
        takes.push(Taken {
            spellings,
            values,
            most: if positional { 2 } else { 1 + 2 * usize::from(more.contains("repeat")) },
            least: usize::from(more.contains("min")),
            path: more.contains("path"),
            required: more.contains("required"),
            plain: positional || more.contains("separate"),
        });
    }
    lines.extend(shape.flags.first().map(|flag| format!("  flag \"{flag}\" {{}}\n")));
    Command { name: shape.name, text: lines.concat() + "}\n", takes, flags: shape.flags }
}
