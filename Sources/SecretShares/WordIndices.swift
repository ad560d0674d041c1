internal import CryptoCore
internal import KeyFormats

/// The words of a share as numbers of ten bits, in cleansed memory.
struct WordIndices: ~Copyable {
    private let bytes: SecretBytes

    /// Makes a list of `count` numbers, which `index` returns one after the other.
    init<Failure: Error>(
        count: Int,
        _ index: (Int) throws(Failure) -> UInt16
    ) throws(Failure) {
        bytes = try SecretBytes(count: count * 2) { view throws(Failure) in
            for position in 0..<count {
                let value = try index(position)
                view.storeBytes(of: UInt8(value >> 8), toByteOffset: position * 2, as: UInt8.self)
                view.storeBytes(
                    of: UInt8(value & 0xff),
                    toByteOffset: position * 2 + 1,
                    as: UInt8.self
                )
            }
        }
    }

    var count: Int { bytes.count / 2 }

    subscript(position: Int) -> UInt16 {
        UInt16(bytes.bytes.byte(at: position * 2)) << 8
            | UInt16(bytes.bytes.byte(at: position * 2 + 1))
    }

    /// Returns one bit of the sequence of numbers, from the highest bit of the first one.
    func bit(_ position: Int) -> UInt8 {
        let shift = WordList.bitCount - 1 - position % WordList.bitCount
        return UInt8(self[position / WordList.bitCount] >> UInt16(shift) & 1)
    }
}
