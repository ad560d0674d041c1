/// Where each session is in its own epoch.
extension ServerRoom {
    /// A session's place in its own epoch.
    package struct SessionPlace: Sendable, Equatable {
        /// The epoch that was announced last.
        package var epoch: UInt32
        /// The lowest index that its next message may have.
        package var nextIndex: UInt32
        /// How many announcements its epoch has had.
        package var announcementCount: Int

        /// Names a place.
        package init(epoch: UInt32, nextIndex: UInt32, announcementCount: Int = 1) {
            self.epoch = epoch
            self.nextIndex = nextIndex
            self.announcementCount = announcementCount
        }

        /// The place after a claim; throws `ChatError` where the claim does not follow `place`.
        static func next(
            after place: SessionPlace?,
            _ claim: Claim
        ) throws(ChatError) -> SessionPlace {
            switch claim.kind {
            case .message: try next(after: place, message: claim)
            case .keys: try next(after: place, announcement: claim)
            }
        }

        private static func next(
            after place: SessionPlace?,
            message: Claim
        ) throws(ChatError) -> SessionPlace {
            guard var next = place, message.epoch == next.epoch, message.index >= next.nextIndex
            else {
                throw ServerRoom.invalid(
                    "its epoch was not announced, or its index is not greater than the one before"
                )
            }
            next.nextIndex = message.index + 1
            return next
        }

        private static func next(
            after place: SessionPlace?,
            announcement: Claim
        ) throws(ChatError) -> SessionPlace {
            guard var next = place, announcement.epoch == next.epoch else {
                guard announcement.epoch > place?.epoch ?? 0, announcement.index == 0 else {
                    throw ServerRoom.invalid("its epoch is not greater than the one before")
                }
                return SessionPlace(epoch: announcement.epoch, nextIndex: announcement.index)
            }
            guard announcement.index >= next.nextIndex else {
                throw ServerRoom.invalid("its index is not greater than the one before")
            }
            guard next.announcementCount < ServerLimits.announcementsPerEpoch else {
                throw ServerRoom.invalid("its epoch was announced too often")
            }
            next.nextIndex = announcement.index
            next.announcementCount += 1
            return next
        }
    }
}
