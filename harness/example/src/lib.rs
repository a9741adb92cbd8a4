//! Stands for a server of yours. Its test `conformance` is what there is to see.
