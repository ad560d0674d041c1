internal import CryptoCore

/// The fixed keys of the targets and their seeds.
///
/// They are used for nothing else. An input that is signed or sealed decodes in every run only if
/// the keys stay the same.
enum FuzzKeys {
    /// The key of the registry's owner, who is also the chat's server.
    static let owner = key(ownerText)
    /// The key of alice, for whom files are encrypted.
    static let alice = key(aliceText)
    /// The key of alice's second version.
    static let aliceNext = key(aliceNextText)
    /// The key of bob, who writes in the chat.
    static let bob = key(bobText)

    /// The passphrase of every sealed seed.
    static var passphrase: Passphrase {
        Passphrase(SecretBytes(copying: Array("fuzz".utf8).borrowedBytes))
    }

    private static func key(_ text: String) -> RSAPrivateKey {
        guard let der = Base64.decode(text.filter { !$0.isWhitespace }),
            let key = try? RSAPrivateKey(der: der.borrowedBytes)
        else { preconditionFailure("a key of the targets cannot be read") }
        return key
    }

    private static let ownerText = """
        MIIEowIBAAKCAQEAxi0cu4BDg3k7yIPFt47dKuVxFttku1GNjc5Nhl0lS+S/pqazq/r5pjtubUBv0t5bkFmD044F
        do7uRoxRXffUt6LAJunhHQRlfCvqrgjqv4MieChv/+VOmaML0KquXTbZ9cjwtJDLA7ubvd3rqpRC5iLChQ1sgeom
        rBsOP+wT77JSVtgvYbSlljmp9sbbRLNtYGQDFDlNCh9TfDOwoJ3m7uscwQmdrDV4tur3iO/4NcOGQNhFSOw2hvG/
        5VXL0SjU8ot1H3cmIt91R6+xInH9CaJc26CHuQAj6UJneQxBqSpdO85m8bIS0sM/Zv8JNbwTgYtzba83bKlhhm4B
        ilFJpQIDAQABAoIBAAZvs6WxUkAEYXkvMm42QR+iCQy9fmWJDghjgWgSQWJYIRNYCbDVu2L3PixlMdyO5TlodtwZ
        mjrSBJIc/42GPY3jRstcwDdxi5w/TuVtG7axmx587bpJZ8acoYca7APSAr01VAABTd6mqrW9beiB3TRdP6UTnQkR
        IkVnsYxI7hLUUK77l6YkZQfcBAu39zqJkjkIe4ESeJDFh6deCzBZwShxcdKcRH8rnCl3G9raQ2NNOlgszGKbudpX
        OT08FVj8GBEA+Lox+mkto/gqrrORMnHWyeinzzlS/nP/oQEJFvo8RyrAPOmjNZ5TAjVf0pxaGlOvU1Q9R/Ruh3JL
        B8wO/0ECgYEA5fnh0jZXeNqO7lWcTTazQFHGcHasqwe33omdnYlGDNitSzvmtZukGVeRQJopTouksWKsk24K/uCY
        E0KaragUhKpFBBh7p1dIy+hp9qnBMtFGmSB/Vf5JzRcVbL/b+CMICzb4/cf02Vn/obJXw4Qs1mnTzMw5xA+hD+tR
        EJYOi4UCgYEA3JoHEONvjj5WX4hjgqDgoiE7qpps3UZJVmkmsgtDOWEJ443nx5k+pS58vEob2M21CMbw389wxGu1
        T/iBrYRfibNfjPh3AJxQtJSntMnjAJQ39CW5mBCuTsN+GlXVDxexdNWT9n+J9Sck2jeBkZCE36qcpea49dVd96nZ
        Zbpfz6ECgYBzYgDTyCHw568IkvldoBElNyIZsOEG2lN9GoxyyrnTni6r7XzeJx2Y/V9KC06oMtXJjdlKCs8He8Ww
        /BzA/fB1czw3RtVbayaB77SiZh8hkPAbybs5eOCsPmWob0Y8486YWddo9Ja7KjVgeisgVENuvB/gw6JD5ReI9iZw
        7OiVRQKBgCM7inNdD70VIbBiVRpQ3W+nhSMLROXWSvI9GwwGlnb8k5q/WExdok65bPyZjXcD66z6MRBdzjHgzfV2
        yCdRY/zXJCScrkzvqkgdEefi8pluEr2wpMKvr1cvC93i5YNikloJnncZCYyY8t7TTKNWBJLAagJpJhNFP5vFic4g
        hRrhAoGBAOXcFN892HyYpD//p21Gs4nHqqd3HNMWm/t8z6JmtavTkUsaZWsCJjv5YwwlBJMReSLwH1AInK1JSrzu
        IlKbWhPZLteLiFYPGy1uycXo1l55sszPemHC+J84mndT1XXTcF9WxRvCjyu6vaQGOsHGfWqfS+hvZx0I79Otzrka
        JR0o
        """
    private static let aliceText = """
        MIIEowIBAAKCAQEAkUcJoh9Ch5KFnKEP4BXqPiivx2lw1EU13Yarmr3oi+gCQT2CdcrUj8I0jQmd6zJl124Nc7v7
        AvRCI2KLY/UVParNrEBPpc6TbVWyo0hbxTvzrvdxjSB07185ofz5CekTf85+spavrOPEY5sBAhxSNjtfTBzp1Oji
        wBehG+TFe6OA9EQey4O6+FMspQciDBOM9OAwQFhvK1NTKdwLuw8tq9MvVcp6BXrz1k14Vdj4TnyNqNRN6s89EAww
        f98BJjR1oyHN1b0OAFnUyMhHdMB3vhB3OWzP9I4095Js9uKpXBcoS6EhREsIdU+QNu6DLwXTHmejb22WLribY12X
        8UdSMwIDAQABAoIBAAEU0uSQ3bvI2H4WLWWSxIqj7N3He2rLBap/J5Mmoc+LLrJFEHABxc+ZaWfbp3poA7ozhXjM
        9hOIf03XTNYy7ujdHsVY9LWRvOWbw5b6GlYZo+fS4l8wZwvuA0/Rb7mChslI+/AbO0XDsXLZ0UcXtfZpWtWJDjnk
        LQfmUIEMGmbTQolfjwuAACxST0ftKCmbsjjDPgWLY7u0f+/V0rsPUUXHhRWke9MBMHT66SlISXgG/Ji1r/YeMUQi
        FNji6JXrh0Q8UZ9DoTKD3sTptBal08lBG6rogSPUMJkvQeQVL9GnsJyWS2S3pKw5+WMWeTinAnM5InzVvU+YewZ6
        ITLYZCUCgYEAymTI6Qj3WhCvHVGMy2BF/6+uG2/pfveRoDmXWXyPPYTeJRadz5hBEi1R+KYClm4mdqv9WvwatiLh
        gBOCAOkC4n9npQBHDyGmPNGsbFMfOkrGv02zBJASI5v7WdWY7Sr88vQyTJPan6KEjMT74ts7g4gkwjEBPU+2O91B
        Wnfz6gUCgYEAt8GDleIGECOgvxznINEFUliP2MXrgDzHBicDe3nu/ZyjJoAaLOtzBEKQxmFPEc8GIMGrPjVWYbSF
        vUwxf6TTv68qppVN0oxMAHdgdpbNVYNVCWCujl7n/GoY/0oNhd8JnPuYwSkiS9dwZduk8j7gKhCF0f/83OKGJkAV
        8Bj5KNcCgYAXVa9kTshV9f56nuBgwmTPqe2k9C4zmU+M7ZbpllbdfOgv1n+zY5Z9BgShamJ5/ZEptYKsbsyVm0fs
        gFNIz5SpkI7ekz2eHP8RnAsJIjxDeEOZ4td0+zdcK6u7G8lZ7s7jJAx4j8NxDEfEAyIXcbdW3ud+DDBcZUhZdpUG
        XTYeEQKBgBqnRRDeggahRFW0OYo3B1CUa/kDbE9jgXLRAd5NJ2894yRYfHN7i2lYxmsf/joVD0x9Cvuw/OCbMLLu
        dFeRbu1k2Qjkqy8ZDoUay7En2ozGyfTcQzV/aqLgONP+x8tdOKW+kL+j2ceqbjE4FMrWd+liECcPvHvFl7PAo+35
        kVptAoGBAMZU8jML7WKAgcOK2cZlicot3Ang+wVfU8LPtZaehmaUFitVRjCQGHTBbBzk9Rf48FvZrN/plDUIQNGB
        WI2xOGC3xvs+3r87KsRm5kTis0xPQySvql9VtujUo45qgqSrWJWXvNTRUpGy+vnMSjshS3z98FDLwd3s+5n3q1RD
        fZl2
        """
    private static let bobText = """
        MIIEpAIBAAKCAQEAtfZ390SBRjTSlEk4042yOP2rPSx6eoMuJm5tw1qi1hs/dbH+Spix8VD/Zv+Cwq+OV0mPNMGO
        84uCPacgjD3IeurhrnwaDZRKF3vZgqk7XYTzCHdM/imnfUYV8ay+jjysMvMKVsXbotr/FMof0k6UvwoKAg0rjzlL
        we6np79lsSXInMptNfwYtIdhxzi71ho3++mGzMDLHGgsuCmoLaK0JvdVFVQdRHEaXuKr2UheQ2Owm5C4YDPn2hAf
        UPvOdhx9YXqcyqsV1xHqI99pA3hg8/vEAFbXQho8b1M8djnVc05O4NFfJVvUBgB4IQCLvW/P6hm28YZBFwBM/YZa
        pXKhYwIDAQABAoIBABVLdHtYkLRxpsSPKSUA69Q67kOoz+XvMi3HNfXrG9a+C5gvg232yWRPXARmxJvExdNgmsTM
        HiRRtaVCHiSrb6ngO8HFaPB2jpE0VPPd8EJKi9Ki0OeHDRXeZ4pdR/5ctV5PuRcHQrlKsxgba3ablvwgevlbJzeK
        DLFJHQ/G7hS5VIc/Eb1HT5VduvXlohVkZ5Y2vkZv2OL8/0EAxcRVbDb9dVQyKcsxJ81aLxW6tYzW5XtrJAq1FXfm
        ac4rs2mGEi9SaBAMuuSpZGfzJn9FsnLWhIhBzl4OEcS/fOJhIruC5hxjbXn6ZXodu+3fe8CchH2S3F5Sh5eqaZhr
        xiAe1zkCgYEA+g3wvi/Z2hy6JocpyA3dcCpXkyS8/YQ2dObnNLewwE8+MEWkdwoXq1Gg4w6BdZhuNGe0MWgPkcwS
        1a+TnLGNAfYFMQbJjDc4mRj5nrvQ7Ty0x8qK/G0ijDY+eXY0H10Of9m4Nybn1qrJ8u4L1LwNrAlFJ7Ii4GuPix38
        uc8CVW8CgYEAukoPYO30goGYPPcHfMEn9AYvexOzOnUjyo3But1HIGk9s02sLadi+uxNTrg5vjE/N9Vbo3IuAo3P
        TV8iYYv9j+l5pawcioYPa6I0cqAqrq1rszVULyCzBiq7JGyq9pXgsX1RMRIHMd2MR1QysEKEfnxqtTywHfZaKaP9
        V/FugU0CgYEA2fGGkC2iwnFhai1KpFw5UgcFt3FA6/HtiOysPg2Ql705pdc9Zqe8Q4ztHpnJClbmTvTIYHujfl8R
        V4Alt2AlV703fyi8SGLlCMN05f4rNms/4hdOFn+EqhKpVzJIccGo3pRD9IYLcdYAGKWUWEHj5LtbtCKWNWZqgUWM
        veKI1S8CgYEAl5OdMcRMeEgUZD6oI/VSmfbSeXWNFtqrdaukX3Se5BtdreBcYYVaP0s4l/3EViHiC38aIkLMdx2F
        +LGY2wA6H/fcGFaTno74Sx7fSAlU0W6gPF//EJ2trS3lufyFm0BWZHTQNHozyno3Iu66k7p77iMz/CXWM3r43/rk
        L8Nto90CgYAYFJw2dv9PiY4W93KB9lAG57lGCuS0AGTyGvGhtAJH+OYtI6OW/qT0ETTgAWNb0F186fl+NdacEv+K
        b3mHXlu92ufs1If/QJPjOj02BdGnJUynHYTHZr2rR+LLEy2vxPiLQT3Mh9XJOGcMgYHk6g1gqKVmB+7lv2asXzJ1
        uc6H/A==
        """
    private static let aliceNextText = """
        MIIEogIBAAKCAQEAnVOMfwLgBAEI9cRJeOwuGxWN711WMB0MGvWy1eLG31zprIymodPRR8C4MkhWj3zsKWwSVcyk
        av8IbpLB4iDK8KPWX7siUyj0JotT4AYiIXar9irScVX+3J3zPqnRRyMhjOjJEtQ44lkTZloTSSI/YnaYez4awcks
        nHZJ5YXCRUJTWrcsiTYbnV3wagK1ZQDeHj9QTh0D4+AMJJ647jPWqP12EH3B/K5JGq6ER2k7oaxt7lYENIH8PQVy
        Xc80Zowky+xbuiQRq1A5J5xfBz5cCeKzyqIEtcvHUNI0gywXHhrzz5OkQ03n2teqe4oKB/gmtZmkSqQ2fBGSZvT3
        yULdLwIDAQABAoIBABcY9riISIaYoaMgv+oD6rpJONRamgES/VL78tcvUHk8ioYDBE0f7ErM2CjHBrD8QIPNp7Ih
        tZs2eXDFFQ1I4+KJJeZaHVj420IevyAAZoRj3YKU7jPQ0fZmg27Avxvi5CsW22ZrR+AF/zDN//otuqvkXiXsi+sa
        yPTo8kJt7S6o/1AvEsEUOu8qpgBiHssu92hA25xeLwc+wBZeBBcPAQlAgEF008GgHucg5pUr+a3TPz0upO0Gd/vW
        pdwAj9wcyAGvG5PBtIBETWFHoy4h75sDTZRVKcjr7if62WK1xPFTZZOwQMCioApIvM99Ja7Hag0wO61/aopGhKhZ
        fPQImlkCgYEA3EXN/AtGaNf6VvVD5njmztBWvq+j6+Xbehd902JIrNvBn2ossLD3J3m0f/VaHnnG8m9ZAigUA8vF
        4xsZs5D/UnywBD+yyqiud5M4aDWqivnxaKo0N3a9+BYfgCx344cERE3sUIX13L//V0yFo8mLmzeAFR86MOGIBJIi
        M1+L/GMCgYEAttgT8GR979uwCSicmKnN8vrsm5crqG2cpSSQ8VTQVRoBkv/BzZHjnw39OenIH16XvHU+mWwhxxsE
        ZQA3evHuYD5R2cQAlSeX+7MaWWAtSmPKku4NO/1aH8LThLc4QCMZ8WrrGaSCiK5/+sXQ1MmVONhi4byxUVfZyJvf
        VdJsV8UCgYAGNu3103ecE6PbejX9NaIFablYzenJCQYlLq59HUPBpL2UutEh9wwyD+v4xDpTq8niIyQWvHy8Eq61
        lpkmCMw7TotEw2tO7m1lsECiKAl0vFKESnEIs4/uhOlEm3ySbcfACZbGOtFR9hTFKMKIeXI34dv6PJROtr44qsrO
        Oj7f0wKBgC20aZeHpytT4PcJHcvTdlWsf4SNDy6055koQMryhnkfXRFfuRQnyZwypP/a/llJDejf7dvv+amJiVmt
        6jBjVVDdgxxKMFMYaJdUN9vrfKbBtxtvQgOi2uphivn7yqXNoGiGb2ojgzWjWP5YgFEQaqqg/GatAi3xJdFNlVAg
        n1B5AoGABS+rrAMSxAChd5MyPlm4mc9hS9r6h3QxurM4q0CnSNDORymqcXsclVQfBbCfZoklU11UD0fg3pjJ+HlP
        a0zisX87Gpf0DTd/YZsCQe7GIUDWjjO3qKESZd5d01gtKp0/sN9Z/xkR2IFt4MZHXoDEwcoGan1vDmGbe6W5gDAB
        m/g=
        """
}
