//! A playbook of Ansible: it carries the script of the system, runs it, and reads its receipt.

use std::fmt::Write as _;

use super::quote::{comment, json};
use super::{Job, Script, Unfit, bash, powershell};

/// For Windows hosts, over WinRM or SSH.
pub(super) fn windows(job: &Job<'_>) -> Result<Script, Unfit> {
    let script = powershell::script(job, "ansible")?;
    let tasks = concat!(
        "    - name: Carry the plan out, or take it back\n",
        "      ansible.windows.win_powershell:\n",
        "        script: \"{{ mend }}\"\n",
        "        parameters:\n",
        "          Undo: \"{{ undo | default(false) | bool | string | lower }}\"\n",
        "      register: said\n",
        "    - name: Read the receipt\n",
        "      ansible.builtin.set_fact:\n",
        "        receipt: \"{{ said.output | last | from_json }}\"\n",
    );
    Ok(playbook(job, &script.text, tasks, script.notes))
}

/// For Linux hosts.
pub(super) fn linux(job: &Job<'_>) -> Result<Script, Unfit> {
    let script = bash::text(job)?;
    let tasks = concat!(
        "    - name: Make a place for the script\n",
        "      ansible.builtin.tempfile:\n",
        "        suffix: .sh\n",
        "      register: place\n",
        "      changed_when: false\n",
        "      check_mode: false\n",
        "    - name: Bring the script\n",
        "      ansible.builtin.copy:\n",
        "        content: \"{{ mend }}\"\n",
        "        dest: \"{{ place.path }}\"\n",
        "        mode: \"0700\"\n",
        "      changed_when: false\n",
        "    - name: Carry the plan out, or take it back\n",
        "      ansible.builtin.command:\n",
        "        argv: \"{{ ['/bin/bash', place.path] + (['--undo'] if undo | default(false) | bool else []) }}\"\n",
        "      register: said\n",
        "      changed_when: \"'\\\"outcome\\\":\\\"changed\\\"' in said.stdout or '\\\"outcome\\\":\\\"undone\\\"' in said.stdout\"\n",
        "    - name: Read the receipt\n",
        "      ansible.builtin.set_fact:\n",
        "        receipt: \"{{ said.stdout_lines | last | from_json }}\"\n",
    );
    let mut written = playbook(job, &script, tasks, Vec::new());
    written.text = written.text.replace(
        "  gather_facts: false\n",
        "  gather_facts: false\n  become: true\n",
    );
    Ok(written)
}

fn playbook(job: &Job<'_>, script: &str, tasks: &str, mut notes: Vec<String>) -> Script {
    let mut out = "---\n".to_owned();
    for line in job.head() {
        let _ = writeln!(out, "{}", comment(&format!("# {line}")));
    }
    let hosts = match job.plan.host.as_str() {
        "" => "all",
        host => host,
    };
    let _ = write!(
        out,
        "# Run it:        ansible-playbook -i INVENTORY THIS\n\
         # Take it back:  ansible-playbook -i INVENTORY THIS -e undo=true\n\
         - name: {}\n  hosts: {}\n  gather_facts: false\n  vars:\n    mend: !unsafe |\n",
        json(&job.plan.title),
        json(hosts)
    );
    for line in script.lines() {
        if line.is_empty() {
            out.push('\n');
        } else {
            let _ = writeln!(out, "      {line}");
        }
    }
    let _ = write!(
        out,
        "  tasks:\n{tasks}    - name: Say what was done\n      ansible.builtin.debug:\n        var: receipt\n\
         \x20   - name: See that it was done\n      ansible.builtin.assert:\n        that: receipt.outcome in ['done', 'undone']\n"
    );
    notes.push("The script in it needs no other collection than ansible.windows (Windows) or none (Linux).".to_owned());
    Script {
        text: out,
        undo: None,
        notes,
    }
}
