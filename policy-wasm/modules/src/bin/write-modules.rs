//! Writes the modules into a folder: `write-modules FOLDER`. `cargo xtask modules` calls it.

use std::path::PathBuf;
use std::process::ExitCode;

use policy_core::decision::Digest;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("name a folder");
        return ExitCode::from(2);
    };
    let modules = [
        ("decider.wasm", policy_modules::DECIDER),
        #[cfg(feature = "author")]
        ("author.wasm", policy_modules::AUTHOR),
        #[cfg(feature = "feedback")]
        ("feedback.wasm", policy_modules::FEEDBACK),
        #[cfg(feature = "component")]
        ("decider.component.wasm", policy_modules::COMPONENT),
    ];
    for (name, bytes) in modules {
        let path = folder.join(name);
        if let Err(error) = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, bytes)) {
            eprintln!("{} cannot be written: {error}", path.display());
            return ExitCode::from(3);
        }
        println!("{} {} bytes {}", path.display(), bytes.len(), Digest::of(bytes));
    }
    ExitCode::SUCCESS
}
