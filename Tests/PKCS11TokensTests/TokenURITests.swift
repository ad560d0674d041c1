import Failures
import Testing

@testable import PKCS11Tokens

struct TokenURITests {
    @Test(arguments: [
        ("", "pkcs11:"),
        ("pkcs11:", "pkcs11:"),
        ("token=alice", "pkcs11:token=alice"),
        ("pkcs11:object=my%20key;token=a%3Bb", "pkcs11:token=a%3Bb;object=my%20key"),
        ("id=%01%ab%2F;type=private", "pkcs11:id=%01%AB%2F;type=private"),
        ("id=ab", "pkcs11:id=%61%62"),
        (
            "token=a&b;serial=:[]@!$'()*+,=",
            "pkcs11:token=a%26b;serial=%3A%5B%5D%40%21%24%27%28%29%2A%2B%2C%3D"
        ),
        ("token=?module-path=/usr/lib/a.so", "pkcs11:token=?module-path=/usr/lib/a.so"),
        ("?x-unknown=1&module-path=%2Flib%2Fa", "pkcs11:?module-path=/lib/a"),
        ("slot-id=12;library-version=2.40", "pkcs11:slot-id=12;library-version=2.40"),
        ("token=%C3%A4", "pkcs11:token=%C3%A4"),
    ])
    func `a URI has one canonical form`(text: String, canonical: String) throws {
        let uri = try TokenURI(parsing: text)
        #expect(uri.description == canonical)
        #expect(try TokenURI(parsing: canonical) == uri)
    }

    @Test(arguments: [
        "token", "=x", "token=a;", ";token=a", "token=a;token=b", "token=%4", "token=%zz",
        "token=a b", "token=a/b", "token=a?b", "token=\u{e4}", "token=a#b", "color=blue",
        "x-vendor=1", "type=any", "slot-id=", "slot-id=-1", "slot-id=99999999999999999999",
        "library-version=2.", "library-version=a", "token=%FF", "?module-path",
        "?module-path=/a&module-path=/b", "?module-path=/a%00b", "pkcs11:pkcs11:token=a",
        "?module-name=softhsm2", "?pin-source=file:/etc/pin", "?a;b=c",
    ])
    func `refuses what RFC 7512 does not allow`(text: String) {
        let error = #expect(throws: PKCS11Error.self) { try TokenURI(parsing: text) }
        #expect(error?.code == .invalid)
    }

    @Test func `refuses a PIN and does not repeat it`() throws {
        let error = #expect(throws: PKCS11Error.self) {
            try TokenURI(parsing: "token=a?pin-value=271828")
        }
        #expect(error?.message.contains("271828") == false)
    }

    @Test func `refuses a long URI`() {
        let text = "token=" + String(repeating: "a", count: TokenURI.largestByteCount)
        #expect(throws: PKCS11Error.self) { try TokenURI(parsing: text) }
    }
}
