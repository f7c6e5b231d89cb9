//! The macro for inputs.

/// Declares the input of an operation: JSON with camel-case names that rejects unknown fields, and
/// command-line arguments if the crate has a command line. Doc comments become help texts, schema
/// descriptions, and rustdoc.
macro_rules! input {
    (
        $(#[doc = $doc:expr])*
        $(#[command($($command:tt)*)])?
        $(#[derive($($derive:ident),*)])?
        $(#[serde($serde:ident)])?
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $field_doc:expr])*
                $(#[serde($($field_serde:tt)*)])?
                $(#[arg($($arg:tt)*)])?
                $(#[command($flatten:ident)])?
                $field_vis:vis $field:ident: $type:ty,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, schemars::JsonSchema, serde::Deserialize, $($($derive),*)?)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, $($serde)?)]
        #[cfg_attr(feature = "cli", derive(clap::Args))]
        $(#[cfg_attr(feature = "cli", command($($command)*))])?
        $vis struct $name {
            $(
                $(#[doc = $field_doc])*
                $(#[serde($($field_serde)*)])?
                $(#[cfg_attr(feature = "cli", arg($($arg)*))])?
                $(#[cfg_attr(feature = "cli", command($flatten))])?
                $field_vis $field: $type,
            )*
        }
    };
}

pub(crate) use input;
