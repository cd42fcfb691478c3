package import PromotionModel

/// The order of images by when they were built.
package enum BuildOrder {
    /// The images, the newest first; of those built at one time the one with the greater tag.
    ///
    /// One that does not say when it was built is older than all others.
    package static func newestFirst(_ images: [ImageArtifact]) -> [ImageArtifact] {
        images.sorted { left, right in
            let (first, second) = (left.createdAtMs ?? .min, right.createdAtMs ?? .min)
            if first != second { return first > second }
            return right.tag.utf8.lexicographicallyPrecedes(left.tag.utf8)
        }
    }
}
