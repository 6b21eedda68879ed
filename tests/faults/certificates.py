"""Certificates made anew for each run: one CA that is trusted, one that is not, and bad leaves."""
import datetime
import ipaddress
import pathlib
import ssl
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def name_of(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """A key and a certificate that may sign others."""

    def __init__(self, folder, name, signed_by=None):
        self.folder, self.name = pathlib.Path(folder), name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = build(name, self.key, signed_by or self, ca=True)
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM)
        self.path = self.folder / f"{name.replace(' ', '-')}.pem"
        self.path.write_bytes(self.pem)

    def leaf(self, file, hosts=("127.0.0.1", "localhost"), begins=-1, ends=30, chain=(),
             own_key=False):
        """A server's certificate with its key in one file, valid from and to so many days on."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = self
        if own_key:  # self-signed
            signer = type("Itself", (), {"key": key, "certificate": None, "name": "127.0.0.1"})
        certificate = build("127.0.0.1", key, signer, hosts=hosts, begins=begins, ends=ends)
        path = self.folder / f"{file}.pem"
        path.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption())
            + certificate.public_bytes(serialization.Encoding.PEM)
            + b"".join(one.pem for one in chain))
        return path


def build(name, key, signer, ca=False, hosts=(), begins=-1, ends=30):
    now = datetime.datetime.utcnow()
    issuer = signer.certificate.subject if getattr(signer, "certificate", None) else \
        name_of(signer.name)
    made = (x509.CertificateBuilder().subject_name(name_of(name)).issuer_name(issuer)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + begins * DAY).not_valid_after(now + ends * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
    if hosts:
        names = [x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit()
                 else x509.DNSName(host) for host in hosts]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(signer.key, hashes.SHA256())


def context(path, highest=None, wants_client_of=None):
    """A server's TLS context; `highest` brings back a protocol that is too old."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if highest:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made.minimum_version = ssl.TLSVersion.TLSv1
            made.maximum_version = highest
        made.set_ciphers("ALL:@SECLEVEL=0")
    if wants_client_of:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(wants_client_of)
    made.load_cert_chain(path)
    return made


class Certificates:
    """All that the faults need."""

    def __init__(self, folder):
        ours = Authority(folder, "Company CA")
        middle = Authority(folder, "Company Issuing CA", signed_by=ours)
        stranger = Authority(folder, "Stranger CA")
        self.ca_file = ours.path
        self.good = context(ours.leaf("good"))
        self.expired = context(ours.leaf("expired", begins=-40, ends=-10))
        self.not_yet = context(ours.leaf("not-yet", begins=10, ends=40))
        self.self_signed = context(ours.leaf("self-signed", own_key=True))
        self.wrong_host = context(ours.leaf("wrong-host", hosts=("gitlab.example.com",)))
        self.unknown_ca = context(stranger.leaf("unknown-ca"))
        self.no_intermediate = context(middle.leaf("no-intermediate"))
        self.too_old = context(ours.leaf("too-old"), highest=ssl.TLSVersion.TLSv1_1)
        self.wants_client = context(ours.leaf("wants-client"), wants_client_of=ours.path,
                                    highest=ssl.TLSVersion.TLSv1_2)
