import CryptoCore
import SecretShares
import TestSupport
import Testing

/// Shares from Electrum and for Electrum, which reads SLIP-0039 but does not write it.
///
/// This program combines Electrum's own parts (field, digest, rounds, checksum, words) to write it.
struct PeerTests {
    /// Electrum 4.3 is older than the extendable flag, which changed only two strings.
    ///
    /// `use` selects the strings.
    private static let peer = """
        from os import urandom
        from sys import argv, stdin
        from electrum import slip39 as e

        LIST = e.get_wordlist()
        old_salt = lambda number: b"shamir" + number.to_bytes(2, "big")

        def use(extendable):
            e._CUSTOMIZATION_STRING = b"shamir_extendable" if extendable else b"shamir"
            e._get_salt = (lambda number: b"") if extendable else old_salt

        def read(shares):
            use(e.get_wordlist().index(shares[0].split()[1]) & 16)
            seed = e.recover_ems(shares)
            seed.iteration_exponent &= 15
            return seed.decrypt("")

        def encrypt(secret, number, exponent):
            left, right = secret[:len(secret) // 2], secret[len(secret) // 2:]
            for i in range(4):
                mask = e._round_function(i, b"", exponent, e._get_salt(number), right)
                left, right = right, e._xor(left, mask)
            return right + left

        def split(threshold, count, secret):
            if threshold == 1:
                return [secret] * count
            key = urandom(len(secret) - 4)
            points = [(i, urandom(len(secret))) for i in range(threshold - 2)]
            points += [(254, e._create_digest(key, secret) + key), (255, secret)]
            return [e._interpolate(points, i) for i in range(count)]

        def words(value, number=1, extendable=1, exponent=0, gi=0, gt=1, gc=1, mi=0, mt=1, pad=0):
            use(extendable)
            head = number << 5 | extendable << 4 | exponent
            for field in [gi, gt - 1, gc - 1, mi, mt - 1]:
                head = head << 4 | field
            body = pad << 8 * len(value) | int.from_bytes(value, "big")
            data = [*e._int_to_indices(head, 4, 10)]
            data += e._int_to_indices(body, e._bits_to_words(8 * len(value)), 10)
            start = (*e._CUSTOMIZATION_STRING, *data, 0, 0, 0)
            data += e._int_to_indices(e._rs1024_polymod(start) ^ 1, 3, 10)
            return " ".join(LIST[i] for i in data)

        def make(secret, gt, groups, **fields):
            use(fields.get("extendable", 1))
            sealed = encrypt(secret, fields.get("number", 1), fields.get("exponent", 0))
            sets = zip(groups, split(gt, len(groups), sealed))
            return [
                [words(value, gi=gi, gt=gt, gc=len(groups), mi=mi, mt=mt, **fields)
                 for mi, value in enumerate(split(mt, count, share))]
                for gi, ((mt, count), share) in enumerate(sets)
            ]

        def say(expected, shares):
            if isinstance(expected, bytes):
                assert read(shares) == expected
                expected = expected.hex()
            print("\\t".join([expected, *shares]))

        if argv[1] == "read":
            print(read(stdin.read().splitlines()).hex())
            raise SystemExit
        for size in range(16, 34, 2):
            for extendable in [0, 1]:
                secret, number = urandom(size), int.from_bytes(urandom(2), "big") >> 1
                fields = dict(number=number, extendable=extendable, exponent=size // 2 % 3)
                say(secret, make(secret, 1, [(1, 1)], **fields)[0])
                say(secret, make(secret, 1, [(3, 5)], **fields)[0][2:])
                # Two of three groups, the last of them and the first, in any order.
                sets = make(secret, 2, [(1, 1), (2, 3), (3, 4)], **fields)
                say(secret, [sets[2][0], sets[0][0], sets[2][3], sets[2][1]])
                say("too-few-shares", sets[2][:3])
                say("too-few-shares", [sets[0][0], sets[1][2]])
                say("too-many-shares", [sets[0][0], *sets[1][:3]])
                say("too-many-shares", [sets[0][0], *sets[1][:2], *sets[2][:3]])
        value, other = urandom(16), urandom(16)
        two = dict(mt=2)
        for pad in [1, 2, 3]:
            say("malformed-share", [words(value, pad=pad)])
        say("malformed-share", [words(value, gt=3, gc=2)])
        say("wrong-share-length", [words(value[:14])])
        say("wrong-share-length", [words(value + other + other)])
        say("duplicate-share", [words(value, **two), words(other, **two)])
        say("share-of-another-secret", [words(value, **two), words(other, mi=1, **two)])
        # Two of three shares that lie about the three.
        three = split(3, 3, value)
        say("share-of-another-secret", [words(three[mi], mi=mi, **two) for mi in [0, 1]])
        say("share-of-another-set", [words(value, **two), words(other, mi=1, number=2, **two)])
        say("share-of-another-set", [words(value, **two), words(other, mi=1, exponent=1, **two)])
        say("share-of-another-set", [words(value, **two), words(other, mi=1, extendable=0, **two)])
        say("inconsistent-shares", [words(value, **two), words(other, mi=1, mt=3)])
        say("inconsistent-shares", [words(value, gc=2, **two), words(other, mi=1, **two)])
        say("inconsistent-shares", [words(value, gc=2, gt=2), words(other, gi=1, gc=2)])
        say("inconsistent-shares", [words(value, **two), words(other + b"12", mi=1, **two)])
        """

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("peer.py", PeerTests.peer)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a peer's shares are read, and what contradicts itself is refused`() async throws {
        let made = try await Command.run("python3", ["peer.py", "write"], folder: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        let lines = made.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(lines.count == 142)
        for line in lines {
            let found = outcome { try line.dropFirst().map { try Share(text: String($0)) } }
            #expect(found == String(line[0]), "\(line.dropFirst())")
        }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)), arguments: secretByteCounts)
    func `a peer reads our shares`(_ byteCount: Int) async throws {
        let secret = try SecureRandom.bytes(count: byteCount)
        for (threshold, count) in [(1, 1), (2, 3), (5, 8)] {
            let shares = try split(secret, threshold, of: count, iterationExponent: 1)
            let read = try await Command.run(
                "python3",
                ["peer.py", "read"],
                folder: folder.path,
                input: shares.suffix(threshold).map { $0.text + "\n" }.joined()
            )
            #expect(read.output == Hexadecimal.encode(secret), "\(read.errors)")
        }
    }
}
