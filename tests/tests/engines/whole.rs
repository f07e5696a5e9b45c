//! D2, and that bundles depend on nothing but the rules.
