internal import KeyFormats
internal import Registry

extension IdentityRecord {
    /// The same identity with the next sealed file; throws `KeystoreError` where numbers are used up.
    func movedToNextSealed() throws -> IdentityRecord {
        let number = sealedNumber + 1
        try IdentityRecord.require(sealedNumber: number, of: name)
        return try moved(toSealed: number)
    }

    /// Throws `KeystoreError` where reading the identity again would refuse the number.
    static func require(sealedNumber number: Int, of name: KeyName) throws(KeystoreError) {
        guard sealedNumbers.contains(number) else { throw KeystoreError.noMoreSealedFiles(name) }
    }

    /// The numbers that a record may have.
    static var sealedNumbers: Range<Int> { 1..<SealedFile.largestNumber }
}
