package import Platform

/// Who called whom, as the provider tells it of the call that a recording belongs to.
///
/// Personal data: goes to catalog, manifest and export only, never whole into a log.
package struct CallDetails: Sendable, Equatable {
    /// A phone number (E.164) or a SIP address.
    package var from: String?
    package var to: String?
    /// The provider's word: `in` or `out`.
    package var direction: String?
    /// The provider's own text of the time; absent while the call goes on.
    package var startTime: String?
    package var endTime: String?

    package init(
        from: String? = nil, to: String? = nil, direction: String? = nil,
        startTime: String? = nil, endTime: String? = nil
    ) {
        self.from = from
        self.to = to
        self.direction = direction
        self.startTime = startTime
        self.endTime = endTime
    }

    /// For a log: `in, from …12 to …34`.
    package var masked: String {
        "\(PartyMask.words(direction ?? "direction unknown")), "
            + "from \(PartyMask.party(from)) to \(PartyMask.party(to))"
    }
}

/// One call of the provider's list.
package struct ListedCall: Sendable, Equatable {
    package var id: String
    package var details: CallDetails

    package init(id: String, details: CallDetails) {
        self.id = id
        self.details = details
    }

    /// The start as a moment; nil when absent or impossible.
    package var start: Timestamp? { details.startTime.flatMap(Timestamp.init(iso8601:)) }
}
