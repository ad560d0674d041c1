public import Failures

/// A failure to divide a secret into shares, to read a share, or to combine shares.
///
/// No error quotes what was typed, which may be part of a secret.
public typealias SharesError = Failure<SharesErrorCode>

/// What kind of failure of this target it is.
public enum SharesErrorCode: String, FailureCode {
    /// A word is not in the list.
    case unknownWord = "unknown-word"
    /// A share has too few or too many words.
    case wrongLength = "wrong-share-length"
    /// The words of a share do not fit their checksum.
    case wrongChecksum = "wrong-share-checksum"
    /// A share fits its checksum and says what no share may.
    case malformed = "malformed-share"
    /// A share is of another set.
    case otherSet = "share-of-another-set"
    /// Shares of one set contradict each other.
    case inconsistent = "inconsistent-shares"
    /// A share is given twice.
    case duplicate = "duplicate-share"
    /// Shares are missing.
    case tooFew = "too-few-shares"
    /// There are more shares than are needed.
    case tooMany = "too-many-shares"
    /// Shares are not all of the same secret.
    case digestMismatch = "share-of-another-secret"
    /// A secret cannot be divided in this way.
    case invalidParameter = "invalid-share-parameter"
}

// MARK: Reading a share

extension SharesError {
    // Suggestions are made only for a word that is not in the list. The program does not guess
    // which word breaks a checksum: a wrong guess could also fit (SLIP-0039 § "Combining the
    // shares").
    static func unknownWord(number: Int, suggestions: [String]) -> SharesError {
        let meant = suggestions.map { "\"\($0)\"" }.joined(separator: " or ")
        return SharesError(
            .unknownWord,
            "word \(number) of the share is not in the list of words",
            hint: suggestions.isEmpty
                ? "look at word \(number) again: write the whole word, or its first four letters"
                : "look at word \(number) again: was it \(meant)?"
        )
    }

    static func wrongLength(wordCount: Int) -> SharesError {
        SharesError(
            .wrongLength,
            "the share has \(wordCount) words, which is not possible",
            hint:
                "a share of a 16-byte secret has 20 words, and one of a 32-byte secret has 33 "
                + "words: "
                + "look for a word that was left out or written twice"
        )
    }

    static var wrongChecksum: SharesError {
        SharesError(
            .wrongChecksum,
            "the share does not fit its checksum: a word is misspelt or in the wrong place",
            hint: "compare every word and their order with what was written down"
        )
    }

    static var wrongPadding: SharesError {
        SharesError(
            .malformed,
            "the share is malformed: its padding is not zero",
            hint: "its words are as they were written, but not as SLIP-0039 writes them: "
                + "use another share, or the program that made this one"
        )
    }

    static func impossibleGroups(_ parameters: ShareParameters) -> SharesError {
        SharesError(
            .malformed,
            "the share is malformed: it asks for \(parameters.groupThreshold) groups "
                + "of \(parameters.groupCount)",
            hint: "its words are as they were written, but no such set can be put together: "
                + "use the shares of another set"
        )
    }
}

// MARK: Putting shares together

extension SharesError {
    static var noShares: SharesError {
        SharesError(
            .tooFew,
            "no share was given",
            hint: "give as many shares as are needed"
        )
    }

    static func otherSet(number: Int) -> SharesError {
        SharesError(
            .otherSet,
            "share \(number) and share 1 belong to different sets",
            hint: "the shares of a set begin with the same two words: "
                + "use only shares that begin with the same two words"
        )
    }

    static func disagreement(_ first: Int, _ second: Int, over what: String) -> SharesError {
        SharesError(
            .inconsistent,
            "shares \(first) and \(second) disagree about \(what)",
            hint: "one of them belongs to another secret: try other shares in its place"
        )
    }

    static func duplicate(_ number: Int, of first: Int) -> SharesError {
        SharesError(
            .duplicate,
            "share \(number) is the same as share \(first)",
            hint: "give another share in its place"
        )
    }

    static func conflict(_ number: Int, with first: Int) -> SharesError {
        SharesError(
            .duplicate,
            "shares \(first) and \(number) have the same number, but different words",
            hint: "one of them belongs to another secret: leave each out in turn, "
                + "and give another share in its place"
        )
    }

    static func tooFew(_ count: Int, needed: Int, group: Int?) -> SharesError {
        let missing = needed - count
        let from = group.map { " of group \($0)" } ?? ""
        return SharesError(
            .tooFew,
            "\(needed) shares\(from) are needed, but only \(count) \(count == 1 ? "was" : "were") "
                + "given",
            hint: "add \(missing) more that \(missing == 1 ? "begins" : "begin") "
                + "with the same three words"
        )
    }

    static func tooFewGroups(_ count: Int, needed: Int) -> SharesError {
        SharesError(
            .tooFew,
            "shares of \(needed) groups are needed, but only those of \(count) were given",
            hint: "add shares that begin with the same two words and have a different third word"
        )
    }

    static func tooMany(_ count: Int, needed: Int, group: Int?) -> SharesError {
        let from = group.map { " of group \($0)" } ?? ""
        return SharesError(
            .tooMany,
            "\(count) shares\(from) were given, but exactly \(needed) are needed",
            hint: "leave out any \(count - needed) of them"
        )
    }

    static func tooManyGroups(_ count: Int, needed: Int) -> SharesError {
        SharesError(
            .tooMany,
            "shares of \(count) groups were given, but exactly \(needed) are needed",
            hint: "leave out those of \(count - needed) groups: the shares of a group begin "
                + "with the same three words"
        )
    }

    static var digestMismatch: SharesError {
        SharesError(
            .digestMismatch,
            "the shares do not fit together: at least one of them belongs to another secret",
            hint: "replace one share after the other with another share of the set"
        )
    }
}

// MARK: Dividing a secret

extension SharesError {
    static func secretLength(_ byteCount: Int) -> SharesError {
        SharesError(
            .invalidParameter,
            "a secret of \(byteCount) bytes cannot be divided into shares",
            hint: "divide 16 to 32 bytes, an even number; "
                + "for a longer secret, encrypt it and divide its key"
        )
    }

    static func impossibleThreshold(_ threshold: Int, count: Int) -> SharesError {
        SharesError(
            .invalidParameter,
            "there cannot be \(count) shares of which \(threshold) are needed",
            hint: "make 1 to \(SecretShares.largestCount) shares, and need no more than there are"
        )
    }

    static func oneOfSeveral(_ count: Int) -> SharesError {
        SharesError(
            .invalidParameter,
            "each of \(count) shares of which 1 is needed would be the whole secret",
            hint: "make 1 of 1 share and copy it, or need at least 2"
        )
    }

    static func impossibleExponent(_ exponent: Int) -> SharesError {
        SharesError(
            .invalidParameter,
            "an iteration exponent of \(exponent) is out of range",
            hint: "use one of \(SecretShares.iterationExponents.lowerBound) to "
                + "\(SecretShares.iterationExponents.upperBound); each doubles the time"
        )
    }
}
