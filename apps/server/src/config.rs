//! The configuration that the server and the scheduler share.

pub use vestibule_scheduler::config::*;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_has_the_origin_that_browsers_give_it() {
        let urls = [
            "https://Example.com",
            "https://example.com:443/a/b/",
            "http://example.com:443",
            "http://127.0.0.1:80",
            "http://[0:0::1]:8080",
            "https://[2001:DB8::a:0:0:1]",
        ];
        for text in urls {
            let browsers = url::Url::parse(text).unwrap().origin().ascii_serialization();
            assert_eq!(text.parse::<PublicUrl>().unwrap().origin(), browsers);
        }
    }
}
