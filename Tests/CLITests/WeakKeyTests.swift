import Foundation
import TestSupport
import Testing

/// Every class of weak key, made on purpose and refused with its own reason.
struct WeakKeyTests {
    /// Makes `NAME.pub` for each class.
    ///
    /// Primes are tested by Miller-Rabin, keys are encoded by hand.
    private static let maker = """
        base64, hashlib, random, subprocess = map(
            __import__, ["base64", "hashlib", "random", "subprocess"]
        )
        rng = random.SystemRandom()

        def is_prime(n):
            small = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)
            if n < 30 or any(n % p == 0 for p in small):
                return n in small
            d, s = n - 1, 0
            while d % 2 == 0:
                d, s = d // 2, s + 1
            for _ in range(24):
                x = pow(rng.randrange(2, n - 1), d, n)
                if x in (1, n - 1):
                    continue
                for _ in range(s - 1):
                    x = x * x % n
                    if x == n - 1:
                        break
                else:
                    return False
            return True

        def prime(bits, e=65537):
            while True:
                p = int(subprocess.check_output(["openssl", "prime", "-generate", "-bits", str(bits)]))
                if (p - 1) % e:
                    return p

        def next_prime(n):
            n += 2
            while not is_prime(n):
                n += 2
            return n

        def roca_prime(bits):
            m = 1
            small = [p for p in range(2, 702) if is_prime(p)]
            for p in small:
                m *= p
            while True:
                k = rng.getrandbits(bits - m.bit_length())
                p = k * m + pow(65537, rng.randrange(1, m), m)
                if p >> bits - 2 == 3 and is_prime(p):
                    return p

        def integer(n):
            b = n.to_bytes(n.bit_length() // 8 + 1, "big")
            return b"\\x02" + length(len(b)) + b

        def length(n):
            if n < 128:
                return bytes([n])
            b = n.to_bytes((n.bit_length() + 7) // 8, "big")
            return bytes([128 | len(b)]) + b

        def sequence(*parts):
            body = b"".join(parts)
            return b"\\x30" + length(len(body)) + body

        def write(name, label, der):
            text = base64.encodebytes(der).decode().replace("\\n", "")
            lines = "\\n".join(text[i:i + 64] for i in range(0, len(text), 64))
            open(name, "w").write(f"-----BEGIN {label}-----\\n{lines}\\n-----END {label}-----\\n")

        def public(name, n, e=65537):
            write(name + ".pub", "RSA PUBLIC KEY", sequence(integer(n), integer(e)))

        def private(name, p, q, d=None, e=65537):
            d = d or pow(e, -1, (p - 1) * (q - 1))
            numbers = [0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
            write(name + ".key", "RSA PRIVATE KEY", sequence(*map(integer, numbers)))

        def spki(n, e=65537):
            key = sequence(integer(n), integer(e))
            kind = bytes.fromhex("300d06092a864886f70d0101010500")
            return sequence(kind, b"\\x03" + length(len(key) + 1) + b"\\x00" + key)

        def signature(name, text):
            open("message", "w").write("keyctl rotate statement v1\\n" + text)
            command = "openssl dgst -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:48"
            made = subprocess.check_output([*command.split(), "-sign", name + ".key", "message"])
            return base64.b64encode(made).decode()

        def rotation(name, old, new):
            first, second = spki(old[0] * old[1]), spki(new[0] * new[1])
            identity = hashlib.sha256(first).hexdigest()
            private(name + ".old", *old)
            private(name + ".new", *new)
            public(name, old[0] * old[1])
            encode = lambda b: base64.b64encode(b).decode()
            text = "rotate time=2026-01-01T00:00:00Z"
            text += f" id={identity} from=1 previous={identity}"
            text += f" old={encode(first)} new={encode(second)} expires=-"
            signed = f" old-signature={signature(name + '.old', text)}"
            signed += f" new-signature={signature(name + '.new', text)}"
            open(name + ".rot", "w").write("keyctl-statements v1\\n" + text + signed + "\\n")

        p, q, r = prime(1024), prime(1024), prime(1024)
        public("good", p * q)
        public("short", prime(512) * prime(512))
        public("even-exponent", q * r, 65536)
        public("tiny-exponent", q * r, 3)
        public("huge-exponent", q * r, 2 ** 300 + 1)
        public("even", p * (2 ** 1024))
        public("small-factor", 65521 * prime(2040))
        public("prime", prime(2048))
        public("close", p * next_prime(p))
        public("square", p * p)
        public("roca", roca_prime(1024) * roca_prime(1024))
        public("same-modulus", p * q, 65539)
        public("shared", p * r)
        d = pow(65537, -1, (q - 1) * (r - 1))
        private("unfit", q, r, d + 2)
        private("fit", q, r)
        s, t, u, v, w, x, y = (prime(1024) for _ in range(7))
        rotation("close-step", (s, t), (x, next_prime(x)))
        rotation("shared-step", (u, v), (p, w))
        rotation("short-step", (y, prime(1024)), (prime(512), prime(512)))
        public("honest", prime(1024) * prime(1024))
        """

    private struct Case {
        let file: String
        let says: String
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `each class of weak key is refused with its reason, and named where it is taken`()
        async throws
    {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        try folder.write("make.py", WeakKeyTests.maker)
        let made = try await shell("python3 make.py")
        try #require(made.status == 0, "\(made.errors)")
        // Keys whose private halves are published.
        try folder.write(
            "vagrant.pub",
            "ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw"
                + "+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3"
                + "MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR6"
                + "1RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+"
                + "FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ==\n"
        )
        let good = try await shell("keyctl import good.pub")
        try #require(good.status == 0, "\(good.errors)")
        let cases = [
            Case(file: "short.pub", says: "at least 2048"),
            Case(file: "even-exponent.pub", says: "exponent is even"),
            Case(file: "tiny-exponent.pub", says: "exponent is below 65537"),
            Case(file: "huge-exponent.pub", says: "longer than 256 bits"),
            Case(file: "even.pub", says: "modulus is even"),
            Case(file: "small-factor.pub", says: "small factor 65521"),
            Case(file: "prime.pub", says: "modulus is a prime"),
            Case(file: "close.pub", says: "Fermat"),
            Case(file: "square.pub", says: "Fermat"),
            Case(file: "roca.pub", says: "ROCA"),
            Case(file: "same-modulus.pub", says: "is also that of the key of \"good\""),
            Case(file: "shared.pub", says: "in common with the key of \"good\""),
            Case(file: "unfit.key", says: "do not fit together"),
        ]
        for item in cases {
            let result = try await shell("keyctl import \(item.file) --user weak --no-passphrase")
            #expect(result.status == 1, "\(item.file): \(result.output)")
            #expect(result.errors.contains(item.says), "\(item.file): \(result.errors)")
            print("weak: \(item.file): \(result.errors.split(separator: "\n").first ?? "")")
        }
        let list = try await shell("keyctl list")
        #expect(!list.output.contains("weak"))
        // The home's own list and the published one.
        let fingerprint = try await shell("keyctl fingerprint fit.key")
        try folder.write("home/compromised", "# ours\n\(fingerprint.output) found on a stick\n")
        let listed = try await shell("keyctl import fit.key --user fit --no-passphrase")
        #expect(listed.status == 1 && listed.errors.contains("found on a stick"))
        let vagrant = try await shell("keyctl inspect vagrant.pub")
        #expect(vagrant.errors.contains("Vagrant's insecure key"), "\(vagrant.errors)")
        // With `--allow-weak`, the risk is named, and `doctor` finds the stored key again.
        for file in ["short", "tiny-exponent", "close", "roca", "shared"] {
            let taken = try await shell("keyctl import \(file).pub --allow-weak")
            #expect(taken.status == 0 && taken.errors.contains("accepted a weak key"), "\(file)")
        }
        let doctor = try await shell("keyctl doctor")
        #expect(doctor.status == 1)
        for code in ["short-modulus", "small-exponent", "close-primes", "roca", "shared-factor"] {
            #expect(doctor.output.contains(code), "\(code): \(doctor.output)")
        }
        let clean = try await shell(
            "keyctl import good.pub --home clean && keyctl doctor --home clean"
        )
        #expect(clean.status == 0 && clean.errors.contains("all is well"), "\(clean.output)")
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a rotation to a weak key is refused by import and by merge, and the rest is taken`()
        async throws
    {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        try folder.write("make.py", WeakKeyTests.maker)
        let made = try await shell("python3 make.py")
        try #require(made.status == 0, "\(made.errors)")
        let known = try await shell(
            "keyctl import good.pub && keyctl import close-step.pub && "
                + "keyctl import shared-step.pub && keyctl import short-step.pub"
        )
        try #require(known.status == 0, "\(known.errors)")
        let cases = [
            Case(file: "close-step", says: "Fermat"),
            Case(file: "shared-step", says: "in common with the key of \"good\""),
            Case(file: "short-step", says: "at least 2048"),
        ]
        for item in cases {
            let result = try await shell("keyctl import \(item.file).rot")
            #expect(result.status == 1, "\(item.file): \(result.output)")
            #expect(result.errors.contains(item.says), "\(item.file): \(result.errors)")
            let list = try await shell("keyctl show \(item.file)")
            #expect(!list.output.contains("v2   "), "\(item.file): \(list.output)")
        }
        let hub = try await shell(
            "export KEYCTL_HOME=hub; keyctl gen --user hub --bits 2048 --no-passphrase && "
                + "keyctl import close-step.pub && keyctl import shared-step.pub && "
                + "keyctl import honest.pub && keyctl import shared-step.rot && "
                + "keyctl import close-step.rot --allow-weak && keyctl registry checkpoint && "
                + "keyctl registry export -o hub.registry"
        )
        try #require(hub.status == 0, "\(hub.errors)")
        #expect(hub.errors.contains("accepted a weak key (close-primes)"), "\(hub.errors)")
        let merged = try await shell(
            "export KEYCTL_HOME=m; keyctl import good.pub hub/hub.pub && "
                + "keyctl registry merge hub.registry"
        )
        #expect(merged.status == 1)
        #expect(merged.output.contains("registered: honest"), "\(merged.output)")
        for item in cases.dropLast() {
            let line = merged.output.split(separator: "\n").first {
                $0.hasPrefix("REFUSED: \(item.file): ")
            }
            #expect(line?.contains(item.says) == true, "\(merged.output)")
        }
        let list = try await shell("keyctl list --home m")
        #expect(!list.output.contains("step"), "\(list.output)")
    }
}
