"""A server that takes logons of NLA with Kerberos: TLS and CredSSP by hand, SPNEGO and Kerberos by MIT's GSSAPI.

credssp.py ADDRESS PORT CERTIFICATE KEY [PASSWORD]: the keys of the host are in the file that KRB5_KTNAME names. Each line
it writes is one thing that happened. With a password, the one that a client hands over is compared with it.
"""

import hashlib
import socket
import ssl
import struct
import sys
import threading

import gssapi

ADDRESS, PORT, CERTIFICATE, KEY = sys.argv[1:5]
HYBRID = 2
LOGON_FAILURE = 0xC000006D
TO_SERVER = b"CredSSP Client-To-Server Binding Hash\0"
TO_CLIENT = b"CredSSP Server-To-Client Binding Hash\0"


def say(*words):
    print(*words, flush=True)


def length(size):
    if size < 0x80:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def element(tag, contents):
    return bytes([tag]) + length(len(contents)) + contents


def take(data):
    """The element at the front: tag, contents, the rest."""
    size, at = data[1], 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    return data[0], data[at : at + size], data[at + size :]


def fields(data):
    found = {}
    while data:
        tag, contents, data = take(data)
        found[tag] = contents
    return found


def request(version, token=None, key=None, error=None):
    parts = element(0xA0, b"\x02\x01" + bytes([version]))
    if token is not None:
        inner = element(0x30, element(0xA0, element(0x04, token)))
        parts += element(0xA1, element(0x30, inner))
    if key is not None:
        parts += element(0xA3, element(0x04, key))
    if error is not None:
        parts += element(0xA4, element(0x02, struct.pack(">I", error)))
    return element(0x30, parts)


def read(stream):
    data = b""
    while True:
        more = stream.recv(65536)
        if not more:
            raise EOFError
        data += more
        try:
            tag, contents, _ = take(data)
        except IndexError:
            continue
        if len(data) >= len(element(tag, contents)) and len(contents) > 0:
            return fields(contents)


def challenge():
    """An NTLM challenge that names this host and nothing else."""
    name = "DESK".encode("utf-16-le")
    info = struct.pack("<HH", 1, len(name)) + name + struct.pack("<HH", 0, 0)
    head = b"NTLMSSP\0" + struct.pack("<I", 2)
    at = 56
    head += struct.pack("<HHI", len(name), len(name), at)
    head += struct.pack("<I", 0xE28A8215)
    head += b"01234567" + bytes(8)
    head += struct.pack("<HHI", len(info), len(info), at + len(name))
    head += bytes([10, 0, 0x63, 0x45, 0, 0, 0, 15])
    return head + name + info


def public_key(certificate):
    """The contents of the bit string of the key."""
    _, contents, _ = take(certificate)
    _, body, _ = take(contents)
    parts = []
    while body:
        tag, part, body = take(body)
        parts.append((tag, part))
    # Behind version, number, algorithm, issuer, validity and subject.
    spki = [part for tag, part in parts if tag == 0x30][4]
    return fields(spki)[0x03][1:]


def kerberos(stream, version, message, token):
    context = gssapi.SecurityContext(
        creds=gssapi.Credentials(usage="accept"), usage="accept"
    )
    try:
        answer = context.step(token)
    except gssapi.exceptions.GSSError as error:
        say("refused", str(error).replace("\n", " "))
        answer = getattr(error, "token", None)
        rejected = bytes.fromhex("a1073005a0030a0102")
        stream.sendall(request(version, token=answer or rejected))
        return
    stream.sendall(request(version, token=answer))
    while not context.complete:
        message = read(stream)
        _, tokens, _ = take(message[0xA1])
        token = fields(fields(tokens)[0x30] if 0x30 in fields(tokens) else tokens)[0xA0]
        answer = context.step(take(token)[1])
        stream.sendall(request(version, token=answer))
    say("ticket of", str(context.initiator_name), "for", str(context.target_name))
    message = read(stream)
    nonce = take(message[0xA5])[1]
    with open(CERTIFICATE) as file:
        key = public_key(ssl.PEM_cert_to_DER_cert(file.read()))
    bound = context.unwrap(take(message[0xA3])[1]).message
    if bound != hashlib.sha256(TO_SERVER + nonce + key).digest():
        say("bound to another key")
        return
    mine = hashlib.sha256(TO_CLIENT + nonce + key).digest()
    stream.sendall(request(version, key=context.wrap(mine, True).message))
    say("accepted")
    try:
        message = read(stream)
    except (EOFError, OSError):
        say("left without the password")
        return
    credentials = context.unwrap(take(message[0xA2])[1]).message
    outer = fields(take(credentials)[1])
    inner = fields(take(take(outer[0xA1])[1])[1])
    parts = [take(inner[tag])[1].decode("utf-16-le") for tag in (0xA0, 0xA1, 0xA2)]
    right = len(sys.argv) > 5 and parts[2] == sys.argv[5]
    say("handed over", parts[0] or "-", parts[1], "right" if right else "wrong")


def serve(stream):
    try:
        head = stream.recv(4, socket.MSG_WAITALL)
        if len(head) < 4:
            return
        rest = stream.recv(struct.unpack(">H", head[2:])[0] - 4, socket.MSG_WAITALL)
        at = rest.find(b"\x01\x00\x08\x00")
        offered = struct.unpack("<I", rest[at + 4 : at + 8])[0] if at >= 0 else 0
        nla = offered & HYBRID
        kind, word = (2, HYBRID) if nla else (3, 5)
        answer = bytes([14, 0xD0, 0, 0, 0, 0, 0, kind, 0]) + struct.pack("<HI", 8, word)
        stream.sendall(struct.pack(">BBH", 3, 0, 4 + len(answer)) + answer)
        if not nla:
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        with context.wrap_socket(stream, server_side=True) as stream:
            message = read(stream)
            version = min(message[0xA0][2], 6)
            _, tokens, _ = take(message[0xA1])
            token = take(fields(take(tokens)[1])[0xA0])[1]
            if not token.startswith(b"NTLMSSP"):
                return kerberos(stream, version, message, token)
            stream.sendall(request(version, token=challenge()))
            read(stream)
            # It keeps no passwords, so none is right.
            say("refused NTLM")
            stream.sendall(request(version, error=LOGON_FAILURE))
    except (EOFError, OSError) as error:
        say("ended", error)
    except Exception as error:
        say("broke", repr(error))


listener = socket.create_server((ADDRESS, int(PORT)), backlog=16)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
