internal import KeyFormats
internal import Registry

extension IdentityRecord {
    /// Returns the same identity with the next number of a sealed file.
    ///
    /// Throws `KeystoreError` if no number is left.
    func movedToNextSealed() throws -> IdentityRecord {
        let number = sealedNumber + 1
        try IdentityRecord.require(sealedNumber: number, of: name)
        return try moved(toSealed: number)
    }

    /// Throws `KeystoreError` if a record with this number could not be read again.
    static func require(sealedNumber number: Int, of name: KeyName) throws(KeystoreError) {
        guard sealedNumbers.contains(number) else { throw KeystoreError.noMoreSealedFiles(name) }
    }

    /// The numbers of sealed files that a record may have.
    static var sealedNumbers: Range<Int> { 1..<SealedFile.largestNumber }
}
