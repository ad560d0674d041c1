extension KeyFormatError {
    static let copyHint = "the file was cut off or changed: get it again as a whole"

    private static func block(_ label: String) -> String {
        "the PEM block \"\(Printable.text(label, limit: 64))\""
    }

    static func blockEndIsMissing(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "\(block(label)) that begins in line \(line) has no END line",
            hint: copyHint
        )
    }

    static func blockEndDiffers(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "\(block(label)) ends in line \(line) with another label than it begins with",
            hint: copyHint
        )
    }

    static func blockInBlock(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) is another BEGIN line, but \(block(label)) has not ended",
            hint: copyHint
        )
    }

    static func blockBeginIsDamaged(line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) begins like a BEGIN or END line, but does not end with a label and five "
                + "dashes",
            hint: "each BEGIN line and each END line of a PEM block must be a separate line"
        )
    }

    static func blockBeginIsMisplaced(line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) holds other text before the BEGIN of a PEM block",
            hint: "each BEGIN line and each END line of a PEM block must be a separate line"
        )
    }

    static func blockBeginIsMissing(line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) is an END line, but no PEM block begins before it",
            hint: copyHint
        )
    }

    static func blockIsNotBase64(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "\(block(label)) is not base64", hint: copyHint)
    }

    static func blockHeadersAreDamaged(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the headers of \(block(label)) are damaged", hint: copyHint)
    }

    static func blockIsMissing(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the text is not \(block(label))")
    }

    static func textFollowsBlock(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "more text follows the end of \(block(label))")
    }

    static let tooManyBlocks = KeyFormatError(
        .tooMuchWork,
        "the file holds more than \(PEM.largestBlockCount) PEM blocks",
        hint: "split it, and use the part that you need"
    )
}

// MARK: Several keys in one file

extension KeyFormatError {
    private static let choiceHint =
        "copy the block that you need into a separate file; see all blocks: keyctl inspect FILE"

    static func severalPrivateKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) different private keys, but exactly one is needed",
            hint: choiceHint
        )
    }

    static func severalPublicKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) different public keys, but exactly one is needed",
            hint: choiceHint
        )
    }

    static func noChain(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) certificates, but none of the others issued the first one",
            hint: choiceHint
        )
    }

    static func keyBesideBlocks(line: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "line \(line) of the file is an SSH key, but the file holds a PEM block too",
            hint: "copy the key that you need into a separate file"
        )
    }

    static let strangersPrivateKey = KeyFormatError(
        .ambiguous,
        "the private key and the certificate or public key in the file do not belong together",
        hint: choiceHint
    )

    static let strangersPublicKey = KeyFormatError(
        .ambiguous,
        "the public key and the certificate in the file do not hold the same key",
        hint: choiceHint
    )

    static func tooManyKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .tooMuchWork,
            "the file holds \(count) keys, but at most \(KeyWork.largestKeyCount) are read at once",
            hint: "split it into smaller files"
        )
    }

    static let tooMuchWork = KeyFormatError(
        .tooMuchWork,
        "examining the keys of the file for weaknesses would take too long",
        hint: "split it into smaller files, or take out the longest keys"
    )

    static let tooMuchPrivateWork = KeyFormatError(
        .tooMuchWork,
        "checking the private keys of the file would take too long",
        hint: "copy the key that you need into a separate file"
    )
}
