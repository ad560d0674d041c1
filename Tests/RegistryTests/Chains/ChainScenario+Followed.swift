extension ChainScenario {
    /// What is followed.
    static let followed: [ChainScenario] = [
        ChainScenario(
            "a chain is followed from its first version, and adds nothing when it comes again",
            "A1 -> A2 -> A3 -> A4",
            """
            register alice A1 => alice A1#1
            A2 A3 A4 => alice A4#4, +3
            A2 A3 A4 => alice A4#4, +0
            A2 => alice A4#4, +0
            """
        ),
        ChainScenario(
            "a chain is followed from its second version, which then gets its number",
            "A1 -> A2 -> A3 -> A4",
            """
            register alice A2 => alice A2#1
            A2 A3 A4 => alice A4#4, +3
            A2 A3 A4 => alice A4#4, +0
            """
        ),
        ChainScenario(
            "a chain that ends with the known version tells its beginning",
            "A1 -> renew -> A2 -> A3 -> A4",
            """
            register alice A4 => alice A4#1
            renew A2 A3 A4 => alice A4#4, +4
            renew A2 A3 A4 => alice A4#4, +0
            """
        ),
        ChainScenario(
            "a chain that leads back to an old key, learned from its end",
            "A1 -> A2 -> A1' -> A3",
            """
            register alice A3 => alice A3#1
            A2 A1' A3 => alice A3#4, +3
            A2 A1' A3 => alice A3#4, +0
            log A3 => alice A3#4
            """
        ),
        ChainScenario(
            "the lines of a log are followed like a file",
            "A1 -> A2 -> renew -> A3",
            """
            register alice A1 => alice A1#1
            log A2 renew A3 => alice A3#3
            """
        ),
        ChainScenario(
            "a chain is followed in parts, and over what is known already",
            "A1 -> A2 -> renew -> A3",
            """
            register alice A1 => alice A1#1
            A2 => alice A2#2, +1
            A2 renew => alice A2#2, +1
            renew A3 => alice A3#3, +1
            """
        ),
        ChainScenario(
            "the revocation of an old version cuts nothing off",
            "A1 -> A2 -> A3",
            """
            register alice A1 => alice A1#1
            A2 => alice A2#2
            -A1 => alice A2#2, +1
            -A1 => alice A2#2, +0
            A2 A3 => alice A3#3, +1
            """
        ),
        ChainScenario(
            "a revocation waits for the steps that tell its version",
            "A1 -> A2 -> A3",
            """
            register alice A3 => alice A3#1
            -A1 A2 A3 => alice A3#3, +3
            """
        ),
        ChainScenario(
            "a key's own revocation counts with the id that it has elsewhere",
            "A1 -> renew",
            """
            register alice A1 => alice A1#1
            renew -A1(Z1,2) => alice revoked, +2
            """
        ),
    ]
}
