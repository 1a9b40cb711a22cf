#part base
# How it is done. The same in every script of rdpdoctor. What stood at a place first is kept in a file of its own.

say() { printf '%s\n' "$*" >&2; }
die() { say "$1"; exit 1; }

[ "$(uname -s)" = Linux ] || die 'This script is for Linux. Nothing was changed.'
if [ "$needs_root" = yes ] && [ "$(id -u)" != 0 ]; then
    die 'Root is needed: run it with sudo bash. Nothing was changed.'
fi
if [ "$(id -u)" = 0 ]; then shelf=/var/lib/rdpdoctor/scripts; else shelf=${HOME:?}/.local/state/rdpdoctor/scripts; fi
shelf=${RDPDOCTOR_SHELF:-$shelf}
kept=$shelf/$plan
umask 077
results=
failed=
began=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# A text as a string of JSON.
json() {
    local text=$1 out='' c i code
    local LC_ALL=C
    for ((i = 0; i < ${#text} && i < 160; i++)); do
        c=${text:i:1}
        case $c in
            '"') out+='\"' ;;
            '\') out+='\\' ;;
            [[:print:]]) out+=$c ;;
            *) printf -v code '%d' "'$c"; printf -v c '\\u%04x' "$((code & 255))"; out+=$c ;;
        esac
    done
    printf '"%s"' "$out"
}

result() {
    local step=$1 outcome=$2 says=$3 was=null
    if [ -n "${show[$step]-}" ] && [ -e "$kept/$step.was" ]; then was=$(json "$(head -c 160 -- "$kept/$step.was" | tr -d '\0')"); fi
    results+=${results:+,}"{\"step\":$step,\"outcome\":\"$outcome\",\"was\":$was,\"says\":$(json "$says")}"
    say "  $((step + 1)). $outcome: ${words[$step]}"
    if [ -n "$says" ]; then say "     $says"; fi
}

receipt() {
    local text
    text="{\"schema\":\"rdpdoctor/receipt/1\",\"plan\":$(json "$plan"),\"cause\":$(json "$cause"),\"remedy\":$(json "$remedy"),\"script\":\"bash\",\"machine\":$(json "$(uname -n)"),\"began\":\"$began\",\"mode\":\"$1\",\"outcome\":\"$2\",\"kept\":$(json "$kept"),\"steps\":[$results]}"
    printf '%s\n' "$text" > "$kept/receipt.json" || true
    printf '%s\n' "$text"
}

same() { cmp -s -- "$1" "$2"; }

# The state of a step, on stdout; the first letter says whether it is there.
holds() {
    local test=$1 wanted=$2 step=$3 now
    now=$("read_$step") || return 1
    case $test in
        present) [ "${now:0:1}" = + ] ;;
        missing) [ "${now:0:1}" = - ] ;;
        is) [ "$now" = "+$wanted" ] ;;
    esac
}

make() {
    local step=$1
    if [ ! -e "$kept/$step.was" ]; then result "$step" skipped 'it does not apply here'; return 0; fi
    "read_$step" > "$kept/now" || { result "$step" failed 'it cannot be read'; return 1; }
    if "wanted_$step" < "$kept/now"; then
        result "$step" already ''
        return 0
    fi
    : > "$kept/$step.begun"
    if "write_$step" 2> "$kept/error" && "read_$step" > "$kept/$step.now" && "wanted_$step" < "$kept/$step.now"; then
        result "$step" changed ''
        return 0
    fi
    result "$step" failed "$(head -c 160 -- "$kept/error")"
    return 1
}

take_back() {
    local step=$1
    if [ ! -e "$kept/$step.begun" ]; then return 0; fi
    "read_$step" > "$kept/now" || { result "$step" left 'it cannot be read'; failed=yes; return 0; }
    if same "$kept/now" "$kept/$step.was"; then
        result "$step" as-it-was ''
    elif [ "$2" = careful ] && [ -e "$kept/$step.now" ] && ! same "$kept/now" "$kept/$step.now"; then
        result "$step" changed-since ''
        failed=yes
        return 0
    elif "restore_$step" 2> "$kept/error"; then
        result "$step" undone ''
    else
        result "$step" left "$(head -c 160 -- "$kept/error")"
        failed=yes
        return 0
    fi
    rm -f -- "$kept/$step.begun" "$kept/$step.now"
}

act() {
    local step=$1
    if "act_$step" > /dev/null 2> "$kept/error"; then
        result "$step" 'done' ''
    else
        result "$step" failed "$(head -c 160 -- "$kept/error")"
        failed=yes
    fi
}

apply() {
    local step back
    mkdir -p -- "$kept" || die "$kept cannot be made. Nothing was changed."
    exec 9> "$shelf/lock"
    if command -v flock > /dev/null; then flock -n 9 || die 'Another script of rdpdoctor is at it. Nothing was changed.'; fi
    if [ -e "$kept/whole" ]; then
        say "It was run before; what stood here first is kept in $kept"
    else
        # Everything is read and kept before anything is changed.
        for step in $sets; do
            if "only_if_$step"; then
                "read_$step" > "$kept/$step.was" || die "Step $((step + 1)) cannot be read. Nothing was changed."
            fi
        done
        sync -- "$kept" 2> /dev/null || true
        : > "$kept/whole"
    fi
    for step in $sets; do
        if ! make "$step"; then
            say 'What was changed is taken back.'
            for back in $sets_back; do take_back "$back" anyway; done
            receipt apply failed
            exit 1
        fi
    done
    for step in $acts; do act "$step"; done
    for step in $asks; do result "$step" person ''; done
    if [ "$expires" -gt 0 ]; then expire || failed=yes; fi
    if [ -n "$failed" ]; then receipt apply partly; exit 1; fi
    receipt apply 'done'
    say "Proof: $proof"
}

undo() {
    local step
    if [ ! -e "$kept/whole" ]; then die "Nothing of this plan is kept in $kept: there is nothing to take back."; fi
    for step in $sets_back; do take_back "$step" careful; done
    for step in $restarts; do act "$step"; done
    if [ -n "$failed" ]; then receipt undo partly; exit 1; fi
    if [ "$expires" -gt 0 ]; then forget_expiry; fi
    rm -f -- "$kept/whole" "$kept"/*.was "$kept"/*.begun "$kept"/*.now "$kept/now" "$kept/error"
    receipt undo undone
}

# The way back begins by itself, also after a restart.
expire() {
    local unit=/etc/systemd/system/rdpdoctor-undo-$plan
    [ -f "$0" ] || return 1
    cp -- "$0" "$kept/mend.sh"
    printf '[Unit]\nDescription=Takes the plan %s back\n[Service]\nType=oneshot\nExecStart=/bin/bash %s/mend.sh --undo\n' "$plan" "$kept" > "$unit.service"
    printf '[Timer]\nOnCalendar=%s\nPersistent=true\n[Install]\nWantedBy=timers.target\n' "$(date -u -d "+$expires seconds" '+%Y-%m-%d %H:%M:%S UTC')" > "$unit.timer"
    systemctl daemon-reload && systemctl enable --now "rdpdoctor-undo-$plan.timer"
}

forget_expiry() {
    systemctl disable --now "rdpdoctor-undo-$plan.timer" || true
    rm -f -- "/etc/systemd/system/rdpdoctor-undo-$plan.timer" "/etc/systemd/system/rdpdoctor-undo-$plan.service"
    systemctl daemon-reload || true
}
#part file

# The whole file in letters, so that nothing in it is lost.
read_file() { if [ -f "$1" ]; then printf '+'; base64 -w 0 -- "$1"; else printf -- '-'; fi; }

# A new content in the old file's place, with its owner, mode and attributes; the content comes from stdin.
put_file() {
    local file draft folder
    # The file behind links, so that a link stays a link; a name may end in a line end.
    file=$(readlink -f -- "$1" && printf x) || return 1
    file=${file%$'\n'x}
    folder=${file%/*}
    draft=$(mktemp -- "$folder/.rdpdoctor.XXXXXXXX") || return 1
    if [ -e "$file" ]; then cp -p --preserve=all -- "$file" "$draft" || { rm -f -- "$draft"; return 1; }; fi
    if cat > "$draft" && sync -- "$draft" && mv -f -- "$draft" "$file"; then return 0; fi
    rm -f -- "$draft"
    return 1
}

restore_file() {
    local state
    state=$(cat -- "$2")
    if [ "${state:0:1}" = - ]; then rm -f -- "$1"; else printf '%s' "${state:1}" | base64 -d | put_file "$1"; fi
}
#part ini

# The file with another value for a key of a section. The last line of a repeated key counts; comments, order,
# blanks and line ends stay.
ini_with() {
    SECTION=$2 KEY=$3 TO=$4 PUT=$5 LC_ALL=C awk '
        function trim(s) { sub(/^[ \t\r]+/, "", s); sub(/[ \t\r]+$/, "", s); return s }
        { line[NR] = $0 }
        END {
            section = tolower(ENVIRON["SECTION"]); key = tolower(ENVIRON["KEY"])
            inside = (section == ""); at = inside ? 0 : -1; found = 0; crlf = 0
            for (n = 1; n <= NR; n++) {
                text = trim(line[n])
                if (line[n] ~ /\r$/) crlf = 1
                if (substr(text, 1, 1) == "[" && index(text, "]") > 0) {
                    name = tolower(trim(substr(text, 2, index(text, "]") - 2)))
                    inside = (name == section)
                    if (inside && at < 0) at = n
                    continue
                }
                if (!inside || text ~ /^[#;]/ || index(text, "=") == 0) continue
                at = n
                if (tolower(trim(substr(text, 1, index(text, "=") - 1))) == key) found = n
            }
            end = crlf ? "\r" : ""
            for (n = 0; n <= NR; n++) {
                if (n == found && n > 0) {
                    if (ENVIRON["PUT"] == "yes") {
                        text = line[n]
                        sub(/\r$/, "", text)
                        match(text, /=[ \t]*/)
                        # Blanks around a value are no part of it.
                        if (trim(substr(text, RSTART + 1)) == trim(ENVIRON["TO"])) print line[n]
                        else print substr(text, 1, RSTART + RLENGTH - 1) ENVIRON["TO"] end
                    }
                } else if (n > 0) {
                    print line[n]
                }
                if (n == at && !found && ENVIRON["PUT"] == "yes") print ENVIRON["KEY"] "=" ENVIRON["TO"] end
            }
            if (!found && at < 0 && ENVIRON["PUT"] == "yes") {
                print "[" ENVIRON["SECTION"] "]" end
                print ENVIRON["KEY"] "=" ENVIRON["TO"] end
            }
        }' "$1"
}

ini_wanted() { [ -f "$1" ] && ini_with "$@" | same - "$1"; }

ini_write() {
    if [ -f "$1" ]; then ini_with "$@" | put_file "$1"; else printf '[%s]\n%s=%s\n' "$2" "$3" "$4" | put_file "$1"; fi
}
#part rdp-file

rdp_with() {
    NAME=$2 TO=$3 PUT=$4 LC_ALL=C awk '
        {
            text = $0; end = ""
            if (text ~ /\r$/) { end = "\r"; crlf = 1; sub(/\r$/, "", text) }
            if (tolower(substr(text, 1, length(ENVIRON["NAME"]) + 1)) == tolower(ENVIRON["NAME"] ":")) {
                if (ENVIRON["PUT"] == "yes" && !put) print ENVIRON["NAME"] ":" ENVIRON["TO"] end
                put = 1
                next
            }
            print
        }
        END { if (ENVIRON["PUT"] == "yes" && !put) print ENVIRON["NAME"] ":" ENVIRON["TO"] (crlf ? "\r" : "") }' "$1"
}

rdp_fit() { ! head -c 2 -- "$1" | same - <(printf '\377\376') || { say "$1 is in UTF-16: change it on Windows"; return 1; }; }

rdp_wanted() { [ -f "$1" ] && rdp_with "$@" | same - "$1"; }

rdp_write() { rdp_fit "$1" && rdp_with "$@" | put_file "$1"; }
#part key-pair

pair_read() { printf '%s %s' "$(read_file "$1")" "$(read_file "$2")"; }

# The pair is new when it is not the one that was kept.
pair_wanted() { ! same - "$1"; }

# Certificate, key, whether both are new, days, name, alternative name.
pair_write() {
    local folder made=
    folder=$(mktemp -d) || return 1
    if openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days "$4" -subj "/CN=$5" -addext "$6" -keyout "$folder/key" -out "$folder/certificate" 2> "$folder/said"; then
        if put_file "$2" < "$folder/key" && put_file "$1" < "$folder/certificate"; then made=yes; fi
        if [ "$3" = new ]; then chmod 0644 -- "$1"; fi
    else
        cat -- "$folder/said" >&2
    fi
    rm -rf -- "$folder"
    [ -n "$made" ]
}

pair_restore() {
    local state one
    state=$(cat -- "$3")
    one=$kept/half
    printf '%s' "${state%% *}" > "$one" && restore_file "$1" "$one" && printf '%s' "${state#* }" > "$one" && restore_file "$2" "$one"
    local ended=$?
    rm -f -- "$one"
    return "$ended"
}
#part mode

mode_read() { if [ -e "$1" ]; then printf '+%s' "$(stat -L -c %a -- "$1")"; else printf -- '-'; fi; }

mode_restore() { local state; state=$(cat -- "$2"); [ "${state:0:1}" = - ] || chmod -- "${state:1}" "$1"; }
#part owner

owner_read() { if [ -e "$1" ]; then printf '+%s' "$(stat -L -c %u:%g -- "$1")"; else printf -- '-'; fi; }

owner_ids() {
    local user=$2 group=$3
    if [ -z "$user" ]; then user=$(stat -L -c %u -- "$1"); elif ! [[ $user =~ ^[0-9]+$ ]]; then user=$(id -u -- "$user"); fi || return 1
    if [ -z "$group" ]; then group=$(stat -L -c %g -- "$1"); elif ! [[ $group =~ ^[0-9]+$ ]]; then group=$(getent group -- "$group" | cut -d : -f 3); fi || return 1
    [ -n "$user" ] && [ -n "$group" ] && printf '%s:%s' "$user" "$group"
}

owner_wanted() { local ids; ids=$(owner_ids "$1" "$2" "$3") && [ "$(cat)" = "+$ids" ]; }

owner_write() {
    local ids mode
    ids=$(owner_ids "$1" "$2" "$3") || return 1
    mode=$(stat -L -c %a -- "$1") || return 1
    chown -- "$ids" "$1" && chmod -- "$mode" "$1"
}

owner_restore() {
    local state mode
    state=$(cat -- "$2")
    if [ "${state:0:1}" = - ] || [ ! -e "$1" ]; then return 0; fi
    mode=$(stat -L -c %a -- "$1") && chown -- "${state:1}" "$1" && chmod -- "$mode" "$1"
}
#part service-start

start_read() {
    local state
    state=$(systemctl is-enabled -- "$1" 2> /dev/null)
    case $state in
        enabled | enabled-runtime) printf '+automatic' ;;
        masked | masked-runtime) printf '+disabled' ;;
        '' | not-found) printf -- '-' ;;
        *) printf '+manual' ;;
    esac
}

start_write() {
    case $2 in
        automatic) systemctl unmask -- "$1" && systemctl enable -- "$1" ;;
        disabled) systemctl mask -- "$1" ;;
        *) systemctl unmask -- "$1" && systemctl disable -- "$1" ;;
    esac
}

start_restore() { local state; state=$(cat -- "$2"); [ "${state:0:1}" = - ] || start_write "$1" "${state:1}"; }
#part service-state

state_read() { if systemctl is-active --quiet -- "$1"; then printf '+running'; else printf '+stopped'; fi; }

state_write() { if [ "$2" = running ]; then systemctl start -- "$1"; else systemctl stop -- "$1"; fi; }

state_restore() { local state; state=$(cat -- "$2"); state_write "$1" "${state:1}"; }
#part member

member_read() { if id -nG -- "$1" 2> /dev/null | tr ' ' '\n' | grep -qxF -- "$2"; then printf '+'; else printf -- '-'; fi; }

member_write() { if [ "$3" = yes ]; then gpasswd -a "$1" "$2"; else gpasswd -d "$1" "$2"; fi; }

member_restore() { if [ "$(cat -- "$3")" = + ]; then member_write "$1" "$2" yes; else member_write "$1" "$2" no; fi; }
#part mtu

way() {
    case $1 in
        default) ip -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1 ;;
        to:*) ip -o route get "$(getent ahosts "${1#to:}" | sed -n '1s/ .*//p')" | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1 ;;
        *) printf '%s' "$1" ;;
    esac
}

mtu_read() {
    local device
    device=$(way "$1")
    [ -n "$device" ] && printf '+%s' "$(ip -o link show dev "$device" | sed -n 's/.* mtu \([0-9]*\).*/\1/p')"
}

# It lasts until the machine or the interface starts anew; the settings of the network keep it for good.
mtu_write() { local device; device=$(way "$1"); [ -n "$device" ] && ip link set dev "$device" mtu "$2"; }

mtu_restore() { local state; state=$(cat -- "$2"); mtu_write "$1" "${state:1}"; }
#part packets

filter() {
    if [ "$1" != in-use ]; then printf '%s' "$1"
    elif [ "$(LC_ALL=C firewall-cmd --state 2> /dev/null)" = running ]; then printf firewalld
    elif LC_ALL=C ufw status 2> /dev/null | grep -qx 'Status: active'; then printf ufw
    elif command -v iptables > /dev/null && iptables -S INPUT 2> /dev/null | grep -q -e '^-P INPUT DROP' -e '^-A'; then printf iptables
    elif command -v nft > /dev/null; then printf nftables
    else say 'neither firewalld, ufw, nftables nor iptables is there'; return 1; fi
}

# The chain of nftables that filters what comes in: family, table, chain.
chain() {
    LC_ALL=C nft list ruleset | awk '
        $1 == "table" { family = $2; table = $3 }
        $1 == "chain" { chain = $2 }
        /type filter hook input/ { print family, table, chain; exit }'
}

packet_read() {
    local with place
    with=$(filter "$1") || return 1
    case $with in
        firewalld) if firewall-cmd --query-port="$3/$2" > /dev/null; then printf '+'; else printf -- '-'; fi ;;
        ufw) if LC_ALL=C ufw show added | grep -qxF "ufw allow $3/$2"; then printf '+'; else printf -- '-'; fi ;;
        iptables) if iptables -C INPUT -p "$2" --dport "$3" -m comment --comment rdpdoctor -j ACCEPT 2> /dev/null; then printf '+'; else printf -- '-'; fi ;;
        nftables)
            place=$(chain)
            # shellcheck disable=SC2086
            if [ -n "$place" ] && nft -a list chain $place | grep -q "$2 dport $3 .*comment \"rdpdoctor\""; then printf '+'; else printf -- '-'; fi ;;
    esac
}

packet_write() {
    local with place handle
    with=$(filter "$1") || return 1
    case $with/$4 in
        firewalld/yes) firewall-cmd --add-port="$3/$2" && firewall-cmd --permanent --add-port="$3/$2" ;;
        firewalld/no) firewall-cmd --remove-port="$3/$2" && firewall-cmd --permanent --remove-port="$3/$2" ;;
        ufw/yes) ufw allow "$3/$2" ;;
        ufw/no) ufw delete allow "$3/$2" ;;
        iptables/yes) iptables -I INPUT -p "$2" --dport "$3" -m comment --comment rdpdoctor -j ACCEPT ;;
        iptables/no) iptables -D INPUT -p "$2" --dport "$3" -m comment --comment rdpdoctor -j ACCEPT ;;
        nftables/yes)
            place=$(chain)
            if [ -z "$place" ]; then say 'nftables has no chain that filters what comes in'; return 1; fi
            # shellcheck disable=SC2086
            nft insert rule $place "$2" dport "$3" accept comment '"rdpdoctor"' ;;
        nftables/no)
            place=$(chain)
            # shellcheck disable=SC2086
            handle=$(nft -a list chain $place | sed -n "s/.*$2 dport $3 .*comment \"rdpdoctor\".*# handle \\([0-9]*\\).*/\\1/p" | head -n 1)
            # shellcheck disable=SC2086
            [ -z "$handle" ] || nft delete rule $place handle "$handle" ;;
    esac
}

packet_restore() { if [ "$(cat -- "$4")" = + ]; then packet_write "$1" "$2" "$3" yes; else packet_write "$1" "$2" "$3" no; fi; }
#part main

case ${1-} in
    '') apply ;;
    --undo) undo ;;
    *) die "Run it without words, or with --undo." ;;
esac
