#!/usr/bin/env python3
"""A plugin for tests, by the letter of C2SP's age-plugin: it wraps a file key by XOR with 7."""
import base64, os, signal, sys, time

MODE = os.environ.get("MODE", "")


def read():
    heading = sys.stdin.buffer.readline()
    if not heading:
        sys.exit("no more input")
    words = heading.decode().rstrip("\n").split(" ")
    assert words[0] == "->" and len(words) > 1 and all(words), heading
    body = b""
    while True:
        line = sys.stdin.buffer.readline().rstrip(b"\n")
        assert len(line) <= 64
        body += line
        if len(line) < 64:
            break
    return words[1], words[2:], base64.b64decode(body + b"=" * (-len(body) % 4))


def raw(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def send(kind, *words, body=b""):
    text = base64.b64encode(body).rstrip(b"=")
    lines = [text[i:i + 64] for i in range(0, len(text) + 1, 64)]
    raw(" ".join(["->", kind, *words]).encode() + b"\n" + b"\n".join(lines) + b"\n")


def ask(kind, *words, body=b""):
    send(kind, *words, body=body)
    return read()


def misbehave():
    if MODE == "early":
        print("no \x1b[31mtoken\x07 here", file=sys.stderr)
        sys.exit(3)
    if MODE == "close":
        os.close(1)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    if MODE == "flood":
        while True:
            raw(b"x" * 65536)
    if MODE == "messages":
        while True:
            ask("unheard-of", body=b"x")
    if MODE == "questions":
        while True:
            ask("request-secret", body=b"x")
    if MODE == "pin":
        pin = ask("request-secret", body=b"PIN" + "\u00a0\u2800 ".encode() * 24 + b"Passphrase for alice:")
        with open(os.environ["SAID"], "w") as said:
            print(pin[2].decode(), file=said)
    if MODE == "variables":
        with open(os.environ["SAID"], "w") as said:
            print(sorted(name for name in os.environ if name.startswith("SECRET")), file=said)
    if MODE == "errors":
        while True:
            sys.stderr.write("y" * 65536)
    if MODE == "oversize":
        raw(b"-> msg\n" + (b"A" * 64 + b"\n") * 2000 + b"\n")
        time.sleep(1000)
    if MODE == "heading":
        raw(b"-> " + b"a" * 100000)
        time.sleep(1000)
    if MODE == "truncated":
        raw(b"-> file-key 0\nAAAA")
        sys.exit(0)
    if MODE == "child":
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(1000)
        raw(b"nonsense")
        time.sleep(1000)
    if MODE == "ask":
        with open(os.environ["SAID"], "w") as said:
            for command in [("msg",), ("request-secret",), ("request-public",), ("confirm", "eWVz"),
                            ("confirm", "eWVz", "bm8"), ("grease-7", "x"), ("unheard-of",)]:
                print(command[0], *ask(*command, body=b"hello")[:2], file=said)


def main():
    machine = sys.argv[1].removeprefix("--age-plugin=")
    if machine not in ("recipient-v1", "identity-v1"):
        sys.exit("this state machine is not known")
    recipients, identities, keys, stanzas, labels = [], [], [], [], False
    log = open(os.environ["LOG"], "a") if "LOG" in os.environ else open(os.devnull, "w")
    print(machine, file=log)
    while True:
        kind, words, body = read()
        print(kind, len(words), file=log)
        if kind == "done":
            break
        if kind == "add-recipient":
            recipients += words
        if kind == "add-identity":
            identities += words
        if kind == "wrap-file-key":
            keys.append(body)
        if kind == "extension-labels":
            labels = True
        if kind == "recipient-stanza":
            stanzas.append((words, body))
    log.close()
    misbehave()
    if MODE == "error":
        kind = "recipient" if recipients else "identity"
        ask("error", kind, "0", body=b"the token \x1b[2Jis lost")
    if MODE == "wrong-error":
        ask("error", "identity", "7", body=b"?")
    if machine == "recipient-v1":
        for given in recipients + identities:
            for key in keys:
                if MODE != "nothing":
                    index = "1" if MODE == "index" else "0"
                    ask("recipient-stanza", index, "test", "XOR", body=bytes(b ^ 7 for b in key))
        if labels and "LABELS" in os.environ:
            ask("labels", *os.environ["LABELS"].split())
        if MODE == "labels":
            ask("labels", "a")
            ask("labels", "a")
    else:
        for words, body in stanzas:
            if words[1:] == ["test", "XOR"]:
                index = "5" if MODE == "index" else words[0]
                key = bytes(b ^ 7 for b in body)[:8 if MODE == "short" else 16]
                ask("file-key", index, body=key)
                if MODE != "twice":
                    break
                ask("file-key", index, body=key)
        if MODE == "stanza":
            ask("error", "stanza", "0", "99", body=b"?")
    ask("grease-" + os.urandom(4).hex())
    send("done")


main()
