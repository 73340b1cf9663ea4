# Varnish in front of Portal: varnishd -a 127.0.0.1:6081 -f /etc/varnish/portal.vcl
# Portal's settings for this file: FRONT_CACHE_URL=http://127.0.0.1:6081 and one more in TRUSTED_PROXY_COUNT.
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

acl portal {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ portal) {
            return (synth(405));
        }
        # Portal asks for everything whenever the content changes, whatever name and spelling of its host readers used.
        ban("obj.status != 0");
        return (synth(200));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Only a session is somebody; other cookies change nothing.
    if (req.http.Cookie ~ "(^|;\s*)(__Host-)?session=" || req.http.Authorization) {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_response {
    # What Portal does not give to everybody is kept nowhere; and a page that is old is never given.
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control !~ "public") {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    set beresp.grace = 0s;
    set beresp.keep = 1h;
    return (deliver);
}
