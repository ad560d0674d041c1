/// The epoch and index that each session used last.
extension ServerRoom {
    /// The epoch and index that a session used last.
    package struct SessionPlace: Sendable, Equatable {
        /// The epoch of the last announcement.
        package var epoch: UInt32
        /// The lowest index that the session's next message may have.
        package var nextIndex: UInt32
        /// The number of announcements of this epoch.
        package var announcementCount: Int

        /// Names a place.
        package init(epoch: UInt32, nextIndex: UInt32, announcementCount: Int = 1) {
            self.epoch = epoch
            self.nextIndex = nextIndex
            self.announcementCount = announcementCount
        }

        /// Returns the place after a claim; throws `ChatError` if the claim's epoch or index does
        /// not follow `place`.
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
