//! Keys of the whole installation, made on first use and kept in the database so that every process has the same.

use diesel::prelude::*;
use secrecy::SecretSlice;

use crate::database::Database;
use crate::error::StoreError;
use crate::schema::server_secrets;

/// Loads the 32-byte key of this name, making it from the system's randomness when it is missing.
///
/// # Errors
/// [`StoreError`] when the database fails or the system has no randomness.
pub fn load_or_create(database: &Database, name: &str) -> Result<SecretSlice<u8>, StoreError> {
    let found = database.read(|tx| {
        Ok::<_, StoreError>(
            server_secrets::table
                .filter(server_secrets::name.eq(name))
                .select(server_secrets::secret)
                .first::<Vec<u8>>(tx.conn)
                .optional()?,
        )
    })?;
    if let Some(secret) = found {
        return Ok(secret.into());
    }
    let mut fresh = [0_u8; 32];
    getrandom::fill(&mut fresh)
        .map_err(|_| StoreError::corrupt("server_secrets", "the system has no randomness"))?;
    let made = database.write_in_turns(|tx| {
        diesel::insert_into(server_secrets::table)
            .values((
                server_secrets::name.eq(name),
                server_secrets::secret.eq(fresh.to_vec()),
            ))
            .execute(tx.conn)?;
        Ok::<_, StoreError>(())
    });
    match made {
        // Another process was faster: its key counts.
        Ok(()) | Err(StoreError::Unique(_)) => load_existing(database, name),
        Err(error) => Err(error),
    }
}

fn load_existing(database: &Database, name: &str) -> Result<SecretSlice<u8>, StoreError> {
    let secret: Vec<u8> = database.read(|tx| {
        Ok::<_, StoreError>(
            server_secrets::table
                .filter(server_secrets::name.eq(name))
                .select(server_secrets::secret)
                .first(tx.conn)?,
        )
    })?;
    Ok(secret.into())
}
