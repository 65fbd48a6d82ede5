//! HMAC-SHA256 under keys of 32 bytes.

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

/// An HMAC-SHA256 ready to take a message.
pub fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A shorter key is the same as one filled up with zeros to the block size (RFC 2104 §2); given so, there's
    // no length that could be wrong.
    let mut block = [0_u8; 64];
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests {
    use hmac::Mac;

    use super::*;

    #[test]
    fn it_is_the_hmac_of_the_short_key() {
        let key = [0x0b; 32];
        let usual = Hmac::<Sha256>::new_from_slice(&key)
            .unwrap()
            .chain_update(b"Hi There")
            .finalize();
        assert_eq!(
            keyed(&key).chain_update(b"Hi There").finalize().into_bytes(),
            usual.into_bytes()
        );
    }
}
