import TestSupport
import Testing

@testable import CryptoCore

/// The table of docs/signatures.md, pair by pair: a signature of one row counts in no other row.
///
/// The code that users run makes and judges each row.
struct SignatureSeparationTests {
    private let key: RSAPrivateKey
    private let rows: [SignatureRow]

    init() throws {
        let key = TestKeys.all[0]
        self.key = key
        rows =
            [
                try SignatureRow.bare(key), try SignatureRow.request(key),
                try SignatureRow.selfSigned(key), try SignatureRow.session(key),
            ]
            + (try SignatureRow.tokens(key)) + (try SignatureRow.ssh(key))
            + (try SignatureRow.statements(key, next: TestKeys.all[1]))
    }

    @Test func `each row signs the bytes and in the scheme that the table says`() {
        for row in rows {
            #expect(
                row.scheme.isValid(row.signature, over: row.signed, key.publicKey),
                "\(row.name)"
            )
            #expect(row.accepts(row.signature), "\(row.name)")
        }
        #expect(rows.count == 16)
    }

    @Test func `no row takes what another row signs`() throws {
        var pairs = 0
        for verifier in rows {
            for maker in rows where maker.name != verifier.name {
                let pair = "\(maker.name) → \(verifier.name)"
                #expect(!verifier.accepts(maker.signature), "\(pair)")
                // The first bytes alone must separate two rows of one scheme.
                let mixed = try maker.scheme.sign(maker.context + verifier.body, key)
                #expect(!verifier.accepts(mixed), "\(pair), its first bytes")
                if maker.scheme == verifier.scheme {
                    #expect(!maker.signed.starts(with: verifier.context), "\(pair), context")
                } else {
                    let same = try maker.scheme.sign(verifier.signed, key)
                    #expect(!verifier.accepts(same), "\(pair), its scheme")
                }
                pairs += 1
            }
        }
        print("signature rows, pair by pair: \(pairs)")
    }
}
