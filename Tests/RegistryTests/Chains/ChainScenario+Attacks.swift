extension ChainScenario {
    /// What thieves and strangers try.
    static let attacks: [ChainScenario] = [
        ChainScenario(
            "a second successor freezes the name until its owner decides",
            """
            A1 -> A2 -> A3
            | -> B2 -> B3
            """,
            """
            register alice A1 => alice A1#1
            A2 => alice A2#2
            B2 B3 => alice frozen, +1
            A2 A3 => alice frozen: is frozen
            B2 => alice frozen: is frozen
            replace alice B2 => alice B2#1
            """
        ),
        ChainScenario(
            "a second successor in a log freezes the name",
            """
            A1 -> A2
            | -> B2
            """,
            """
            register alice A1 => alice A1#1
            log A2 B2 => alice frozen
            """
        ),
        ChainScenario(
            "two successors are a fork, whatever beginning each claims for the key",
            """
            A1 -> A2 -> A3
            T1 -> A1 -> T3
            """,
            """
            register alice A1 => alice A1#1
            A1 T3 => alice T3#3, +2
            A2 => alice frozen, +1
            A2 A3 => alice frozen: is frozen
            """
        ),
        ChainScenario(
            "a thief's beginning does not count once the true step is known",
            """
            A1 -> A2
            T1 -> A1 -> T3
            """,
            """
            register alice A1 => alice A1#1
            A2 => alice A2#2
            A1 T3 => alice A2#2: another chain is known for "alice"
            """
        ),
        ChainScenario(
            "a thief's beginning does not count once the key has made a statement",
            """
            A1 -> renew
            T1 -> A1 -> T3
            """,
            """
            register alice A1 => alice A1#1
            renew => alice A1#1, +1
            A1 T3 => alice A1#1: another chain is known for "alice"
            """
        ),
        ChainScenario(
            "a key's own revocation counts even if the rest of its file is refused",
            """
            A1 -> A2
            | -> B2
            """,
            """
            register alice A2 => alice A2#1
            register bob B2 => bob B2#1
            B2 => bob B2#2
            A2 => bob frozen, alice A2#1
            A2 -A2 => bob frozen, alice revoked, +1: is frozen
            """
        ),
        ChainScenario(
            "a key from before a replacement is not the beginning of another identity",
            "A1 -> B2",
            """
            register alice A1 => alice A1#1
            replace alice A2 => alice A2#1
            register bob B2 => bob B2#1
            B2 => bob B2#1, alice A2#1: one of its steps uses a key of "alice"
            log B2 => bob B2#1, alice A2#1
            """
        ),
        ChainScenario(
            "a stranger's statements about an identity neither freeze nor move it",
            """
            A1 -> A2 -> A3
            M1(A1,1) -> M2
            M1(A1,2) -> M2'
            M1(A1,3) -> M2''
            M1(A1,4) -> M2'''
            A1(A1,9) -> M2''''
            """,
            """
            register alice A1 => alice A1#1
            A2 A3 => alice A3#3
            M2 => alice A3#3: does not begin with its identity
            M2' => alice A3#3: version 2 of "alice" has another key
            M2'' => alice A3#3: version 3 of "alice" has another key
            M2''' => alice A3#3: continues from version 4, but version 3 is the last one
            M2'''' => alice A3#3: continues from version 9, but version 3 is the last one
            log M2 => alice A3#3: not by this identity's key
            log M2''' => alice A3#3: not by this identity's key
            """
        ),
        ChainScenario(
            "no key is put into the past of another identity",
            """
            A1 -> A2
            M1(A1,9) -> B1
            """,
            """
            register alice B1 => alice B1#1
            A2 B1 => alice B1#1: the step to version 10 does not follow the one before it
            B1 => alice B1#1: the chain does not begin with its identity
            log A2 B1 => alice B1#1: the chain does not begin with its identity
            """
        ),
    ]
}
