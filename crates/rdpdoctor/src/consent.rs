//! What is done to a host only when somebody agrees: the budget is said first.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::cli::CheckArguments;
use crate::failure::Failure;
use crate::target::endpoint::quoted;

/// Says what a load would open, and asks whether to begin.
pub fn to_load(arguments: &CheckArguments) -> Result<(), Failure> {
    let Some(at_once) = arguments.load else {
        return Ok(());
    };
    let host = arguments.targets.first().map_or("", String::as_str);
    let budget = format!(
        "--load opens at most {} connections to {}, {at_once} of them at once: it may reach a limit, set off a ban of \
         this address, keep others out for some seconds, and leave a line for each in the server's log. It sends no name \
         and no password.",
        probe::load::connections(at_once),
        quoted(host),
    );
    let mut errors = anstream::stderr();
    let _ = writeln!(errors, "{budget}");
    if arguments.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(
            "there is nobody to ask whether to begin; --yes begins without asking",
        ));
    }
    let _ = write!(errors, "Begin? [y/N] ");
    let _ = errors.flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(Failure::usage("nothing was begun")),
    }
}
