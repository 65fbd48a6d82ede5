//! Which address a request comes from.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the peer's, or with `trust_forwarded_for` the last one in `X-Forwarded-For`, which is
/// the one that the nearest proxy has seen; those before it are the client's to invent.
pub fn client_address(req: &HttpRequest, trust_forwarded_for: bool) -> Option<IpAddr> {
    let forwarded = req
        .headers()
        .get_all(FORWARDED_FOR)
        .last()
        .filter(|_| trust_forwarded_for);
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let address: Option<IpAddr> = forwarded.or_else(|| req.peer_addr().map(|peer| peer.ip()));
    address.map(|address| address.to_canonical())
}

/// The address as far as it tells one client from another: of IPv6 only the first 64 bits, as one client
/// commonly holds all of the rest.
pub fn client_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(trust: bool, forwarded: &[&str]) -> String {
        let mut req = TestRequest::get().peer_addr("10.0.0.1:1".parse().unwrap());
        for value in forwarded {
            req = req.append_header((FORWARDED_FOR, *value));
        }
        client_address(&req.to_http_request(), trust).unwrap().to_string()
    }

    #[test]
    fn the_header_counts_only_when_trusted_and_only_its_last_address() {
        assert_eq!(seen(false, &["1.1.1.1"]), "10.0.0.1");
        assert_eq!(seen(true, &[]), "10.0.0.1");
        assert_eq!(seen(true, &["1.1.1.1, 2.2.2.2"]), "2.2.2.2");
        assert_eq!(seen(true, &["1.1.1.1", "3.3.3.3"]), "3.3.3.3");
        assert_eq!(seen(true, &["nonsense"]), "10.0.0.1");
        assert_eq!(seen(true, &["::ffff:4.4.4.4"]), "4.4.4.4");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let network = |text: &str| client_network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }
}
