//! Typed ids: a role's id passed for a user's id doesn't compile.

/// Makes an id type of its own over a UUID, so that ids of different things cannot be mixed up.
///
/// The type is `Copy`, ordered by its bytes (so UUIDv7 ids sort by creation), prints and parses as the hyphenated
/// lower-case UUID, and with this crate's feature `serde` is written exactly as the bare UUID. Ids are made
/// elsewhere (from a clock and a source of randomness); the type has no way to invent one.
///
/// # Examples
/// ```
/// vestibule_org_hierarchy::define_id! {
///     /// Which warehouse is meant.
///     pub struct WarehouseId;
/// }
///
/// let id: WarehouseId = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3".parse()?;
/// assert_eq!(id.to_string(), "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3");
/// assert_eq!(WarehouseId::from(id.as_uuid()), id);
/// assert!("no-uuid".parse::<WarehouseId>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
/// An id of one kind is refused where another is meant:
/// ```compile_fail
/// use vestibule_org_hierarchy::{RoleId, UserId};
///
/// let role = RoleId::from_u128(7);
/// let user: UserId = role;
/// ```
#[macro_export]
macro_rules! define_id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name($crate::__private::uuid::Uuid);

        #[allow(dead_code, reason = "not every id type uses every conversion")]
        impl $name {
            /// This id for a UUID that is known to be one of its kind, also in constants.
            #[must_use]
            pub const fn from_uuid(uuid: $crate::__private::uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// This id for a number: readable ids for examples and tests.
            #[must_use]
            pub const fn from_u128(number: u128) -> Self {
                Self($crate::__private::uuid::Uuid::from_u128(number))
            }

            /// The bare UUID, for storage and wire formats.
            #[must_use]
            pub const fn as_uuid(&self) -> $crate::__private::uuid::Uuid {
                self.0
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::write!(f, "{}({})", ::core::stringify!($name), self.0)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::__private::uuid::Error;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::core::convert::From<$crate::__private::uuid::Uuid> for $name {
            fn from(uuid: $crate::__private::uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl ::core::convert::From<$name> for $crate::__private::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        $crate::__define_id_serde!($name);
    };
}

// Two versions, so that the feature of this crate decides and not a feature of the crate that calls the macro.
#[doc(hidden)]
#[cfg(feature = "serde")]
#[macro_export]
macro_rules! __define_id_serde {
    ($name:ident) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::__private::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}

#[doc(hidden)]
#[cfg(not(feature = "serde"))]
#[macro_export]
macro_rules! __define_id_serde {
    ($name:ident) => {};
}

define_id! {
    /// Which organization (tenant) is meant.
    pub struct OrgId;
}

define_id! {
    /// Which user is meant, standard or guest.
    pub struct UserId;
}

define_id! {
    /// Which role of an organization's role forest is meant.
    pub struct RoleId;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{RoleId, UserId};

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = UserId::from_u128(0x0192_f0c1_2d3e_7a4b_8c5d_6e7f_8091_a2b3);
        assert_eq!(id.to_string(), "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(Uuid::from(id), id.as_uuid());
    }

    #[test]
    fn an_id_says_in_debug_output_what_it_identifies() {
        assert_eq!(
            format!("{:?}", RoleId::from_u128(1)),
            "RoleId(00000000-0000-0000-0000-000000000001)"
        );
    }

    #[test]
    fn ids_sort_by_their_bytes() {
        assert!(RoleId::from_u128(1) < RoleId::from_u128(2));
    }
}
