/// Blowfish with the expensive key schedule of bcrypt (Provos and Mazières 1999): the part that
/// `bcrypt_pbkdf` needs.
///
/// It owns its tables, which depend on the key, and cleanses them.
@safe
struct Blowfish: ~Copyable {
    private static let roundCount = 16
    private static let subkeyCount = roundCount + 2
    private static let boxWordCount = 256
    private static let wordCount = subkeyCount + 4 * boxWordCount

    // The subkeys, then the four S-boxes. They depend on the key, so they are secret.
    private let words: UnsafeMutablePointer<UInt32>

    init() {
        let start = UnsafeMutablePointer<UInt32>.allocate(capacity: Blowfish.wordCount)
        // SAFETY: there are as many constants as allocated words.
        unsafe BlowfishConstants.words.withUnsafeBufferPointer { constants in
            if let source = constants.baseAddress {
                unsafe start.initialize(from: source, count: Blowfish.wordCount)
            }
        }
        unsafe words = start
    }

    deinit {
        unsafe cleanse(UnsafeMutableRawBufferPointer(start: words, count: 4 * Blowfish.wordCount))
        unsafe words.deallocate()
    }

    /// Mixes a key into the subkeys, then encrypts all tables; the salt is mixed in if there is
    /// one.
    func expand(key: RawSpan, salt: RawSpan?) {
        var position = 0
        for index in 0..<Blowfish.subkeyCount {
            // SAFETY: the index lies among the subkeys.
            unsafe words[index] ^= Blowfish.nextWord(key, &position)
        }
        var left: UInt32 = 0
        var right: UInt32 = 0
        position = 0
        for index in stride(from: 0, to: Blowfish.wordCount, by: 2) {
            if let salt {
                left ^= Blowfish.nextWord(salt, &position)
                right ^= Blowfish.nextWord(salt, &position)
            }
            encrypt(&left, &right)
            // SAFETY: there is an even number of words.
            unsafe words[index] = left
            unsafe words[index + 1] = right
        }
    }

    /// Encrypts one block.
    func encrypt(_ left: inout UInt32, _ right: inout UInt32) {
        let words = unsafe words
        var a = unsafe left ^ words[0]
        var b = right
        var round = 1
        while round <= Blowfish.roundCount {
            // SAFETY: every index lies within its box of 256 words.
            unsafe b ^= Blowfish.mix(words, a) ^ words[round]
            unsafe a ^= Blowfish.mix(words, b) ^ words[round + 1]
            round += 2
        }
        left = unsafe b ^ words[Blowfish.subkeyCount - 1]
        right = a
    }

    @inline(__always)
    private static func mix(_ words: UnsafeMutablePointer<UInt32>, _ value: UInt32) -> UInt32 {
        let boxes = unsafe words + 18
        let first = unsafe boxes[Int(value >> 24)] &+ boxes[256 + Int(value >> 16 & 0xff)]
        return unsafe (first ^ boxes[512 + Int(value >> 8 & 0xff)])
            &+ boxes[768 + Int(value & 0xff)]
    }

    /// Returns the next four bytes of the key, which is repeated without end.
    private static func nextWord(_ key: RawSpan, _ position: inout Int) -> UInt32 {
        var word: UInt32 = 0
        for _ in 0..<4 {
            // SAFETY: the position lies within the key.
            word =
                word << 8
                | UInt32(unsafe key.unsafeLoad(fromByteOffset: position, as: UInt8.self))
            position += 1
            if position == key.byteCount { position = 0 }
        }
        return word
    }
}
