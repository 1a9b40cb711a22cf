#!/bin/sh
# Records one incident from three places with clocks that disagree: xfreerdp's log, xrdp's log under a clock that is
# 3 min 12 s ahead, and a capture on the server's side. Needs root, xrdp, freerdp2-x11, xvfb, faketime, tcpdump, iproute2
# and nftables; everything runs in network namespaces of its own and leaves nothing behind but the files in joined/.
set -eu
out=$(dirname "$(readlink -f "$0")")/joined
work=$(mktemp -d); p=jo$$
mkdir -p "$out" "$work/home"; chmod 755 "$work"
cleanup() {
  for n in cli srv; do ip netns pids $p-$n 2>/dev/null | xargs -r kill 2>/dev/null || true; done
  kill "${xvfb:-0}" 2>/dev/null || true
  for n in cli srv; do ip netns del $p-$n 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
for n in cli srv; do ip netns add $p-$n; ip -n $p-$n link set lo up; done
ip link add ${p}c netns $p-cli type veth peer name ${p}s netns $p-srv
ip -n $p-cli addr add 10.77.1.9/24 dev ${p}c; ip -n $p-srv addr add 10.77.1.2/24 dev ${p}s
ip -n $p-cli link set ${p}c up; ip -n $p-srv link set ${p}s up
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=rec-server -keyout "$work/k.pem" -out "$work/c.pem" 2>/dev/null
sed -e '0,/^port=.*/s//port=3389/' -e "s#^certificate=.*#certificate=$work/c.pem#" -e "s#^key_file=.*#key_file=$work/k.pem#" \
  -e "s#^LogFile=.*#LogFile=$work/xrdp.log#" -e 's/^EnableSyslog=.*/EnableSyslog=false/' \
  -e 's/^LogLevel=.*/LogLevel=INFO/' -e 's/^security_layer=.*/security_layer=tls/' /etc/xrdp/xrdp.ini > "$work/x.ini"
ip netns exec $p-srv tcpdump -i ${p}s -U --immediate-mode -w "$work/server.pcap" tcp port 3389 2>/dev/null & tap=$!
TZ=UTC ip netns exec $p-srv faketime -f '+192s' xrdp --nodaemon --config "$work/x.ini" >/dev/null 2>&1 &
Xvfb :97 -screen 0 800x600x24 -nolisten tcp -noreset >/dev/null 2>&1 & xvfb=$!
i=0; until ip netns exec $p-srv ss -ltn | grep -q :3389 && [ -e /tmp/.X11-unix/X97 ]; do i=$((i+1)); [ $i -lt 100 ]; sleep 0.1; done
client() { HOME=$work/home DISPLAY=:97 TZ=UTC ip netns exec $p-cli timeout 20 xfreerdp /v:10.77.1.2 /u:anna /p:wrong "$@" >> "$out/xfreerdp.log" 2>&1 || true; }
: > "$out/xfreerdp.log"
client /cert:ignore /sec:nla          # xrdp knows no NLA: refused in the negotiation
sleep 3
client /cert:deny /sec:tls            # the client refuses the certificate
sleep 7
# The first encrypted packet of the client is answered with a reset.
ip netns exec $p-cli nft -f - <<'N'
table inet lab {
  chain o {
    type filter hook output priority 0
    tcp dport 3389 @ih,0,8 0x17 reject with tcp reset
  }
}
N
client /cert:ignore /sec:tls
sleep 2; kill -INT $tap; wait $tap 2>/dev/null || true
cp "$work/xrdp.log" "$out/xrdp.log"; cp "$work/server.pcap" "$out/server.pcap"
sleep 0.3
sed -i "s#$work#/srv/rec#g" "$out/xrdp.log" "$out/xfreerdp.log"
sed -i 's/[[:blank:]]*$//' "$out"/*.log
chmod 644 "$out"/*
