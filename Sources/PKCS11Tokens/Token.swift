internal import CPKCS11

/// A token that is present: what its module said of it and of its slot.
public struct Token {
    let module: PKCS11Module
    let slot: CK_SLOT_ID
    let label: [UInt8]
    let manufacturer: [UInt8]
    let model: [UInt8]
    let serial: [UInt8]
    let flags: CK_FLAGS
    let slotDescription: [UInt8]
    let slotManufacturer: [UInt8]

    /// The URI that finds the token again: its label and its serial number.
    public var uri: TokenURI {
        var uri = TokenURI()
        // What is no text cannot stand in a URI.
        for (attribute, value) in [(TokenURI.Attribute.token, label), (.serial, serial)]
        where String(validating: value, as: UTF8.self) != nil {
            uri.attributes[attribute] = value
        }
        uri.modulePath = module.path
        return uri
    }

    /// The token with its present flags: they tell how many PINs it still takes.
    var asItIsNow: Token { module.token(in: slot) ?? self }

    func has(_ flag: UInt) -> Bool { flags & CK_FLAGS(flag) != 0 }
}

extension TokenURI {
    /// Returns whether the attributes about modules, slots and tokens fit a token.
    func fits(_ token: Token) -> Bool {
        attributes.allSatisfy { attribute, value in
            switch attribute {
            case .token: value == token.label
            case .manufacturer: value == token.manufacturer
            case .model: value == token.model
            case .serial: value == token.serial
            case .slotDescription: value == token.slotDescription
            case .slotManufacturer: value == token.slotManufacturer
            case .slotID: TokenURI.number(value) == UInt(token.slot)
            case .libraryDescription: value == token.module.library.description
            case .libraryManufacturer: value == token.module.library.manufacturer
            case .libraryVersion:
                TokenURI.version(value).map { $0 == token.module.library.version } ?? false
            case .id, .object, .type: true
            }
        }
    }
}

extension PKCS11Module {
    /// More slots than any machine has.
    private static let largestSlotCount = 256

    /// Returns the tokens that are present and initialised.
    ///
    /// Throws `PKCS11Error` if the module fails. A token that is taken out meanwhile is left out.
    public func tokens() throws(PKCS11Error) -> [Token] {
        try requireOwnProcess()
        var count: CK_ULONG = 0
        let onlyPresent = CK_BBOOL(1)
        // The call without room makes the module look for new tokens.
        // SAFETY: without room, the module writes the count alone.
        try check(
            "C_GetSlotList",
            unsafe functions.pointee.C_GetSlotList?(onlyPresent, nil, &count)
        )
        count = CK_ULONG(PKCS11Module.largestSlotCount)
        var slots = [CK_SLOT_ID](repeating: 0, count: PKCS11Module.largestSlotCount)
        // SAFETY: the module writes at most as many slots as the count says.
        let result = unsafe functions.pointee.C_GetSlotList?(onlyPresent, &slots, &count)
        try check("C_GetSlotList", result)
        guard count <= CK_ULONG(slots.count) else { throw PKCS11Error.wrongAnswer("C_GetSlotList") }
        return slots.prefix(Int(count)).compactMap(token)
    }

    func token(in slot: CK_SLOT_ID) -> Token? {
        var info = CK_TOKEN_INFO()
        var slotInfo = CK_SLOT_INFO()
        // SAFETY: the module fills one structure in each call.
        guard unsafe functions.pointee.C_GetTokenInfo?(slot, &info) == CK_RV(CKR_OK),
            unsafe functions.pointee.C_GetSlotInfo?(slot, &slotInfo) == CK_RV(CKR_OK),
            info.flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0
        else { return nil }
        // SAFETY: the lengths are those of the arrays in the structures.
        return Token(
            module: self,
            slot: slot,
            label: unsafe paddedText(cpkcs11_label(&info), 32),
            manufacturer: unsafe paddedText(cpkcs11_manufacturer(&info), 32),
            model: unsafe paddedText(cpkcs11_model(&info), 16),
            serial: unsafe paddedText(cpkcs11_serial(&info), 16),
            flags: info.flags,
            slotDescription: unsafe paddedText(cpkcs11_slot_description(&slotInfo), 64),
            slotManufacturer: unsafe paddedText(cpkcs11_slot_manufacturer(&slotInfo), 32)
        )
    }

    /// Returns the one token that a URI names.
    ///
    /// Throws `PKCS11Error` if no token fits, or several; then its message lists them.
    public func token(_ uri: TokenURI) throws(PKCS11Error) -> Token {
        let fitting = try tokens().filter(uri.fits)
        guard let token = fitting.first else { throw PKCS11Error.noToken(uri, module: name) }
        guard fitting.count == 1 else {
            throw PKCS11Error.severalTokens(uri, fitting.map(\.uri))
        }
        return token
    }
}
