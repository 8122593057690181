import CallArchiveCommands
import Platform
import Testing

struct NetrcTests {
    private func login(_ text: String, host: String = "api.example.com") -> String? {
        Netrc(Array(text.utf8)).login(for: host).map {
            "\($0.name.reveal()):\($0.password.reveal())"
        }
    }

    @Test(
        arguments: [
            ("machine api.example.com login a password b", "a:b"),
            ("machine\n\tapi.example.com\n  password b login a\n", "a:b"),
            (
                "machine other.example login x password y\nmachine api.example.com login a password b",
                "a:b"
            ),
            ("machine API.example.com login a password b", "a:b"),
            ("default login d password e", "d:e"),
            ("machine other login x password y default login d password e", "d:e"),
            ("machine api.example.com login a account c password b", "a:b"),
            (#"machine api.example.com login "a b" password "c\"\\d""#, #"a b:c"\d"#),
            (
                "# machine api.example.com login x password y\nmachine api.example.com login a password b",
                "a:b"
            ),
            ("machine api.example.com login a password b#c", "a:b#c"),
            (
                "macdef init\nmachine api.example.com login x password y\n\nmachine api.example.com login a password b",
                "a:b"
            ),
            ("machine api.example.com login a\nmachine api.example.com login c password d", "c:d"),
            ("", nil), ("machine", nil), ("machine api.example.com", nil),
            ("machine api.example.com login a", nil), ("login a password b", nil),
            ("machine api.example.com.evil login a password b", nil),
        ] as [(String, String?)])
    func `the host's login is found`(text: String, expected: String?) {
        #expect(login(text) == expected)
    }
}
