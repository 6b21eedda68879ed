// id_tokens that were signed once with keys that are forgotten, for id_token_test.cpp.
//
// Made by another library (Python's cryptography), so that our check is not wrong together with our
// own signing. All are of one moment, issuer, application and nonce unless their name says
// otherwise.
#pragma once

#include <cstdint>

namespace fairlead::connection::testing_support {

struct IdTokenVector {
  char const* name;
  char const* token;
  char const* refused_for;  // "": it is good
};

inline constexpr std::int64_t vector_seconds = 1795000000;
inline constexpr char const* vector_keys =
    R"j({"keys":[{"kty":"EC","kid":"k1"},{"kty":"RSA","kid":"k1","use":"sig","alg":"RS25)j"
    R"j(6","n":"0EyllmKaV_NhH_u2MID5SWdw6Y4Psikfwv_lFiwClsFXekdwPtK-rp_pqc3Jx1m5PYGaTrFA)j"
    R"j(icheJEGUkjzZ_cvm6-L7TwYEvIbDPHI0EnscQ8mQha36F3DgDO_bZcZo92sAV3Bx62Pcp5Z92HXRqC5Q)j"
    R"j(Km9NS3rhtrspCsdy8_fWyDF8d__nLQG8xUjYl5_dsQMDJX_s1rAzXAkXSpl1XTyGs6W_-C2aC1C5iIss)j"
    R"j(nfrenHJeNqzfjh4XvjDtfU0hGytwFH_aJQAvCfcoOzZrQweI8LI392iUpZp1E8L3KePSJpebKZspECKC)j"
    R"j(o2XNNzy8FQOBEvjicFIFeFw9EJnNTw","e":"AQAB"},{"kty":"RSA","kid":"small","use":"si)j"
    R"j(g","n":"z3qsxwugPsrNrhuTAT4Sv30sb92QmAeuhrK17lGMh4_0xJN5hmD6PJcJrq1nUTX81PCoKhfx)j"
    R"j(4wxdvnSRUc5kXWdn5kzy9BY6HgROI0jLQNbtmFt5RDdTRd0CxLSK09TQVRG3g0wGHUmwut-g2CPl_cHN)j"
    R"j(ZhC8GmsF4BBaqTFEv-k","e":"AQAB"}]})j";

inline constexpr IdTokenVector id_token_vectors[] = {
    {"good",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.p4DSsm6NC"
     "0raEoU-3rZmx8QrNopLxfvZmAjLEIynq06IYJtjKgNQtb6czbP-4f2nVirUefcMQima4N_8-O_6e-NEz"
     "3CeqZkPGS8eHxpPZtNDobZbUBRcJHZl4zQtd8LtDoBv-ylE9jozXSXnt4ZiaQ8vunQ3bRKLQK0TlmCzT"
     "cYFdW0t4-WH1Z0595cOpjkrxDwNBHUEEz5SES79OtmS8TMT-jjPwmm_CG_fRqr8mFpyFT0RCWc87ThHK"
     "MTxmZRlLuoJVxBTBLXzN7Y2giSaZ7KOcc88RAAnnaHRW6aEGoCDgD8zM20m02fu-h6B5WL85vttgrCoH"
     "n9-_CnTsrd1dQ",
     ""},
    {"aud_list",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjpbImFwcC0xIl0sImV4cCI6MTc5NTAwMDEyMCwiaWF0"
     "IjoxNzk1MDAwMDAwLCJub25jZSI6Im4tMSIsInByZWZlcnJlZF91c2VybmFtZSI6ImFkYSJ9.fC3A25M"
     "UAQYv64XaqL8VAXnfNKWUPtDDUGSzTrAtdA0prklTXGseqsSE_tGruD0qXRCHpJVhinO9D2E60TU9_yz"
     "yL2O4wspYOPKMAMan3C33YPiHHNdXlRjhoHzvtK7phLDVcZ8NtUsSZAh5cp72-PHa7lZkNVqMBZXeSvL"
     "gX8EOE5h_CKsff_Tmdw4DXC8d2NHc97TMlb_o0E8iGEVOawsOcU1UBmAsqmxIHzE4i-Tk-qtfgBVg9LV"
     "aZEhlpqV5XbOlsk2wB93r0FauyAdbM0rxt8VsvbQJyqj6gZzAWL7LxQkghr8PEnm-U1LmHQpOZumAR-a"
     "QILmEjG-rSf2hIw",
     ""},
    {"aud_several_with_azp",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjpbImFwcC0xIiwieCJdLCJleHAiOjE3OTUwMDAxMjAs"
     "ImlhdCI6MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEiLCJh"
     "enAiOiJhcHAtMSJ9.L17iLW_2oGuBBnCv9TVCX7DyI6tnYUBQMh2bZKrpSZV8hpxCg_oER6o981sErw3"
     "IG47OvmTf0BVsER3tkJz8lCVnQAwZdl-t0ulyqjCJz6HBqEBWs2r8m8Ao2jvnZcBzzIIyqI2Ny2f1RxD"
     "SH3ANPpm3THJinCgGpBfCtqjLAh6dlh_-zcKu0_j11KXIu-ijQdIKbPzJz3yvYqirj6Vj7TewRAJooUD"
     "ACVvSkxk4vBKc1orXORTHxjlFamNq7DOlD0Uk_oUg7yxw3eUL24R0iCByz6XJ793O35JI4lfGjmyZOJ4"
     "YhbpIM30G98WkDhTLaNvH-Yrrve2pH-q1AAR9GA",
     ""},
    {"without_kid",
     "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2dpdGxhYi50ZXN0L2dpdCI"
     "sInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6MTc5NTAwMDAwMCw"
     "ibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.e4-z_e9H3WG82B861p0WEJ4o"
     "W_kfF9kAA2oihBlriXhtqFOntje4yQ-YmFwtfe19KFW4mI9l9pWwxbGowXp2LwycAPmaSfIkJ8yhq9JW"
     "jjETSaOJbxS78ukEihijHcDdFdv5I6ew-fhsengQVIIMsMwnCtvhU0T_ehVk7h6l4JwcKS1CC5-v8JFx"
     "BnIA8-fj9baZLk2YdK6XEVm5VrXCqUq3y36eqQr3zOGMUxEoQMNEE32vARbVhC8IuqRysexl1hY4_nFB"
     "MYwxJb52RRK9j11Y0AsLnIt_5IjmguqpALYi81Vtrcwk4BwwObUalz7ATxmg1aNKJAfrrd-LSGBycg",
     ""},
    {"expired_within_skew",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTQ5OTk5NzAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.eOFqdlSLX"
     "M3yCW_SCpi64c3oyKXJ9NzlF-nTZVBlMtJajG5SLpqUrd7HEAFCQ6DsqONrCDjJsKBQQpHnP3lLmLiwc"
     "t0jKKBgw4_YSLy3mojr8JvuFQl3UQM6hP31RxNAEOUanKypRKTDHncJr1sTfU3SI5Yf9ZZlwg6JlSE2_"
     "pEpdxhxPas59l0s8cNNcm6ai8p4aiaPb1ydk-Sy4RmAdnZpSIf6hgZjpYqEQcJEjKyr38bbD5lUy9cUw"
     "2U7B7gEOfERVGAjF7c1-JZL3oGdD1CtgiOjl_uyCxXrUB5BEOo8b3SZrAOkhnSRV1LLvwcPFjvLdtodb"
     "pZpIUoKgnbXnQ",
     ""},
    {"tampered_payload",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjEiLCJhdWQiOiJhcHAtMSIsImV4cCI6MTc5NTAwMDEyMCwiaWF0Ijox"
     "Nzk1MDAwMDAwLCJub25jZSI6Im4tMSIsInByZWZlcnJlZF91c2VybmFtZSI6ImFkYSJ9.p4DSsm6NC0r"
     "aEoU-3rZmx8QrNopLxfvZmAjLEIynq06IYJtjKgNQtb6czbP-4f2nVirUefcMQima4N_8-O_6e-NEz3C"
     "eqZkPGS8eHxpPZtNDobZbUBRcJHZl4zQtd8LtDoBv-ylE9jozXSXnt4ZiaQ8vunQ3bRKLQK0TlmCzTcY"
     "FdW0t4-WH1Z0595cOpjkrxDwNBHUEEz5SES79OtmS8TMT-jjPwmm_CG_fRqr8mFpyFT0RCWc87ThHKMT"
     "xmZRlLuoJVxBTBLXzN7Y2giSaZ7KOcc88RAAnnaHRW6aEGoCDgD8zM20m02fu-h6B5WL85vttgrCoHn9"
     "-_CnTsrd1dQ",
     "signature"},
    {"signed_by_another_key",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.RbYsw_2Lk"
     "5lRgkZr8MhhLBGXVwqPTUX3gXNKoz23nKFvwY9TzYYwiYCiaWrBIAyH_n7GM0L47cYCp_ssOWWJrm4BD"
     "OwdLmWrWMz0Eu5sWTFsnIQjB8_FBtO3ZxWzEbyzLFiAuN0NgNQ3D6hTSY68jiMp5lgDQtF9_wO0BN2HH"
     "Fxf0j4CBcR6Put0GzD6MDGCwgf-P1mX9IgM9wxUODWbtzwvkn7O2Y_0fPJay19p8PTXuXedKowheUHF6"
     "dD3Mvlk4h3kJHBqr52pKG3w8GcdFt2dxEltDZzs3XokbW9uaJ4SHPEPGb2zLffCk31m62RQS9MYs6QqW"
     "wePYwKVWyL_ig",
     "signature"},
    {"unknown_kid",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrOSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.I6ewumPYx"
     "rSdf1Yh3vV-5duxnTl6xf5UPAF5by0hHvzj9gCN6AoUeZ1W1Lwa5fFrio7Hl9sfLNSzk5SFf8k4tZ6SB"
     "v_awTD4TJb85r4iDAqVbfyGH0o947Mfj8CJxQiCVl1-6GUoy0H_oWWXxOL6EOtoaNaKTVTit4KvDv8Lg"
     "Ycn81W1AgKhRdE0aMVVfNaH8f--wkXMEeWvS9QKI2Y-q0tweNUM66AFFnb5NEP5R9dysVSEM7Xt_4F2H"
     "50b3C4ZluVMgCROFgJmclDoxgztMSbHVxMQdJr7Hn5NYEYPoMrCHeOEjJm7dn35qhoR2txqYPhKqyNqk"
     "RrxC1OecR03Ww",
     "signature"},
    {"short_key",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJzbWFsbCIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dp"
     "dGxhYi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlh"
     "dCI6MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.vlkOT"
     "j2lJJNSZRrWbFxR79fwpq7UbNKGqtABIuqiCOijTqNTBdGBi4uwezbwjUAKT6TTpRTXYyelRGRPgR3PY"
     "hS9dbKPc6Cm3H4eCWhnXnRp1OGVqRbAhzUQTByWYKgyvfr7cQgomUnSmhaggFQK-RvgnQiafluc5yRlQ"
     "G-A3WU",
     "signature"},
    {"alg_none",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6Im5vbmUifQ.eyJpc3MiOiJodHRwczovL2dpdGxhY"
     "i50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6M"
     "Tc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.",
     "instead of RS256"},
    {"alg_hs256_with_the_modulus",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IkhTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.ueJPKTL7u"
     "9I0G-W0UTH5mBfAXoIw8EM42QMdT9C80Ow",
     "instead of RS256"},
    {"alg_missing",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSJ9.eyJpc3MiOiJodHRwczovL2dpdGxhYi50ZXN0L2dpdCIsInN"
     "1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6MTc5NTAwMDAwMCwibm9"
     "uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.vsNqReHEEHC-Mh_spgmhZWo-lHeb"
     "Up03RxylaneHvSqkzkspLO5VkSsMMFqOSWPObArFrDbPSPHRCq_rW3O25qrAymWYG6W48VpZqgnkV3nT"
     "lR-zVw3lhbGy-gvrqRqa9AfQZxlHI2Z9EYiZogYOgTyz5rfeWXexRrCkUkjICvle1pId_Ln6Hx1PnmOv"
     "IWhjB6S1l66Aw2D-Ih_jXDyedh1mXb3fhtIo2Ryuy5BgL5i_OA_WrI4m1aMMiFM9BXmiT1gsEa_OC8Jz"
     "iYJ185Idijd-ZpuSuHfvRBkMIN3H9AYf4KEEexA2XNXa_Hvk1CUEoCw_t_8RLNHfRRr0oUH8lQ",
     "instead of RS256"},
    {"crit",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2IiwiY3JpdCI6WyJ4Il19.eyJpc3MiOiJ"
     "odHRwczovL2dpdGxhYi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTU"
     "wMDAxMjAsImlhdCI6MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJ"
     "hZGEifQ.qQX_OQ2_HHtHinK2G57wvNOtM5-pUFoxRZO4kKUExBB_QwWw05gsGmJMOj4oOI5gyUp5tZbg"
     "5HnfxVj-1sZNPPuYZuLWaPukwqReVx14yNYrXRqsb27kG_5XjW6Jd2ArKa7-wiJ_DsreMDHbJiaC5NH2"
     "1HC1vx-zFv1ULFogd_2mjWsdYJPZdjYWRjXfSf-Ih-ED6H9hhD4QAi3d23vkbf4Rzwsk6tdx6Vwy_JUM"
     "l6H3C_1xjWt7YbD4aPmyFT2VGkKKVfI3j21REXKNbRYkha5Em2ZUsQ88bYHY8WQTIIn7Ufi-Wj4hgn1K"
     "qa_xHitkWspsdfcSdYu-QTG7MTiOWw",
     "extensions"},
    {"other_issuer",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpIiwic3ViIjoiMTciLCJhdWQiOiJhcHAtMSIsImV4cCI6MTc5NTAwMDEyMCwiaWF0Ijox"
     "Nzk1MDAwMDAwLCJub25jZSI6Im4tMSIsInByZWZlcnJlZF91c2VybmFtZSI6ImFkYSJ9.d78uy10OiMh"
     "1U-eeEG6pQ-IUH8FeRA01hreBt2wooMe8pguB0lMRzxTnsFN2OndHw2Bi_3WKthJU3IoGaw6pBaAncIq"
     "w-MV_KivUm7r8z8U2G6FIzWZo8J4fL30vfDB6SjLwrQdO2BwZON5FfsF7S5Eukblk4kHGDSQ59N97O3A"
     "qwiC58ONFv0sK2qKdYZAmHf-xJ5Dear_RodKMtu_Z8gn3YuSUQZ-S2081tkJT32k8tUc7oWhw4GnmlSA"
     "4NJntLIhp72pZpK5lgvmxaVPJRiVxkH7ILReZyb3Fkq0VXP6stkmNK2xS7WDqbV_xPAanuqnQBKUxTHC"
     "4cqb_eE4KlA",
     "issued by"},
    {"no_issuer",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJzdWIiOiIxNyIsImF1ZCI6ImFw"
     "cC0xIiwiZXhwIjoxNzk1MDAwMTIwLCJpYXQiOjE3OTUwMDAwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVy"
     "cmVkX3VzZXJuYW1lIjoiYWRhIn0.MDhfEwZRlJa40-xYh-TMhX-7b0v1mJXYW5BOhmwwf-aTM2sl92or"
     "13HQt-8Xhr_wjGE_jTOFpS4bCKJM2_YsCWK9xynFWrnmwX3CZjSngBwbavrFd8VnUrcI0jWIQqMsX41B"
     "UG4NXnr3mnZXkzravGCA1PS5iqnOrdid7RbOT9ZtFUKPWhCkSQ3oalcujJHqT0aPw34NUjFTC6kRSDtz"
     "Dcuz42pNEqm9LwRb0Gv_PpGTN8JZ64GpOqGumPEBa6CXRi2j8pI4J82LVHfM8L5xZ8U0S1OH-RgJu3HS"
     "k_vW1tFQih0Neyb1PmOvz1Ng0M1k5RoZImBDExoVjY23Np44aQ",
     "issued by"},
    {"other_audience",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTIiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.V4V7TJaKd"
     "6tUdaJ6eHAvXA2Ep3JxHPZ_ahpWOBSeKPz_sXGybrevDwMhztzDsBOeMGWYmWO_FsP9fvmh5tlzwvRBT"
     "d2XAVxBdPHRdGwtgh_W5g-U-9bwgK_b8YP9LJwha0LACqZwY06wEzPea_CUh93T3iybGMZpC2u5eJWPe"
     "vp09pxvbz85fwIjX3ise3ZSUjcrBqEo-mMwzj-cgfpMuxEH59VJiCZ87n2OzWAaufG2sZ0X7bo_E3_dy"
     "31Diq0A0F-hJuxxRhl8TnPCOU_HaqAfhPqVTqSJGT9F9v8K_OY4FpSUc1zrMN-1AZN67QiT4yXJsXiwa"
     "ryFy3X_MD6Cow",
     "another application"},
    {"aud_several_without_azp",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjpbImFwcC0xIiwieCJdLCJleHAiOjE3OTUwMDAxMjAs"
     "ImlhdCI6MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.T"
     "-E9biZEGa-jLD3GnQmgG2A6bT-Q7IQtRrSZvztnhoy6qI1DW1UuHUvxNNs7dCVKUkqK_vVVopJZmrzIL"
     "kus-zqrjS9Ndl5AptKUB6uwEvcMgsqvTAq-zB4pXHIa_vIU8udgVksY9JxNj5mKtONhCbFkUEzzLy6TZ"
     "DoDBgJscOUuJ52lGQNHMWLMN854o4yheOZs3CF6HWXc2UxukPV7haKC50zEDrQWvYXEiN3nfMQNZAgau"
     "aRIlopMDfjy8GoXKliai1aLlvcxOgVbhYWeYhAl16PeZkvrVZ-ibnK2GY_T_4pxD2WUGqRS0d94YjlHr"
     "AUKkgyukNDfyFYMRoUzHQ",
     "another application"},
    {"azp_another",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEiLCJhenAiOiJ4"
     "In0.mw3LtvqScVJrypCZ1G3XKlLyML8ujuLf7sHZmababOVuVC6O8LvUPR42cVWGorA2agplipFhvG69"
     "6P3x9Tjfa6gsgzeeRK-6NM4IhuxbVvYumEceIy-L0HShb4tdE92SjgXvcdT8yARVQShDnt1wDv37cGuu"
     "GLRfenB0MQpJjh3p-q3VaOI0KPYryW2P0Bihb5BJXCHEoQNraxbasbMvz4_UU8HRlA8LcyRohF10En9I"
     "gV1B0kuNFKW34VxnGs8GE7CDjzZdHfwRV-wzI-e2q68fUXpy6mENdn_Q7JG2gLZkBElQXa6m-UkVGpgD"
     "Na7Td8WVwWqQ_tkqzs1k3tyepw",
     "another application"},
    {"expired",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTQ5OTk5NDAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.hSmq-hJmT"
     "ZICDCfUDWg5DlSalrIgMhta02OB_DoWA5cQRpzAnLPyqesARNdMyn0ApOBa5KGZHHN-hHZBurLD0h0Le"
     "V1dRZMCrcomnHqwkq3N8JKZcEgI3glNJnkzlN6QzJ6uP_Yi_0dKZZ7b_R3S0Jw0pi56pctGYJKseknmj"
     "KIVfICIUurquj_XGpvdF41MTX2ZOnswLjm1a06-Lr-dg8GDKqEcuZCFd5Pnni-e9nWoMIGozZB6dgKQp"
     "G_xOcy3YY2fLd6Ch4fXL09pNhpo-jMs8FhI-VB9q1KzLpwK4pUC04KcdBRQCFR-uMIWiB_9Kt7MncQoM"
     "EZ1IPCUz4uQmQ",
     "expired"},
    {"no_exp",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJpYXQiOjE3OTUwMDAwMDAsIm5vbmNl"
     "Ijoibi0xIiwicHJlZmVycmVkX3VzZXJuYW1lIjoiYWRhIn0.cwfOeOb2k0laAGa7I8HAtpmu-rZtH76p"
     "9W2S5l_IhmA-0RxIHe_LP0zvH-8mYnL0_Dd-bNxBusiZxCST_6r3I9a5_CLCpdcDrizCvgKU-ieE3fpX"
     "nT44T1uqsmGDlzDEvkvKJXXlBAu9hxeSkJjNrN_Av7c3e3kfG3kqZdSKQ7-Me6toelGHujC6R9GcQvQY"
     "Rnk_n3PfknOFeQxMnLZyrA5rJjyV_MfBWwh1TTagXCzhvVZk6BbfSlwT1M-MDcI5rWIeLojdArWoYskl"
     "PVsAnBdof4BXRTTCOy2gv_79kOgHMaxWg0w4IXfiGaILKOc0kGRhImE9ifSJ3ISzrrfpMQ",
     "expired"},
    {"from_the_future",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDA2MSwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.iUW3FR4ri"
     "ANvW9kMHWlM7qAKNDsaDtYBoQSF7l5CJmOoMUfD_EsRZn3lLStvoGCv7H0FYt_d-paoVbip1la7QeW_u"
     "8C3RT05NB1Mar7R-9veGSmt7wgJ6b3c113TFlld4InkQfpeuyOMW_b3t6DAgT8K7YkjjpRHE_Zw8jTyL"
     "cJu-bo91-P7Cl_ZJ0L1DQlLbaDNu2ab5ge0dd2-2xZigomXtDUBHPgkUAYimBZ45naSGiixrk3pO4cMo"
     "cMC8Y8pib8MHMN3oXfd8FaRK3A41g7HkA_dJ4Ofziopf8L5SpgZc1WrZaQtUM8e4DTDnL30oiYj1b8nP"
     "k5T9K3lq37yaA",
     "future"},
    {"other_nonce",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwibm9uY2UiOiJuLTIiLCJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGEifQ.FskPr8Jxu"
     "bUCqEXE5ToZaAwk350K2ZPiptJZTGIFHpeewkNEOPyYRUTCWbARCnYpIrMPwmzJ6WRnfWR9AmAVbuOEM"
     "4P5XA2O82XeYR9RubV9OmcOcUm-SSKAeryhGBDy0t1T44vInr1Yra65xgDs6VRKKv6K5Iu93H82OXqJh"
     "wY7sxK5QQTXywPr9Mp0CMPjqCjfNLUrJvF2FJi-ke4XxZFLhNjUzXHr9-m4Ms479_qOC4a038rfeSVOh"
     "DfPD0dyO4Mg5A_T09_ZQSS4uVSO0pzYpZONYAPOnLDEJIxyWErAi1q2KjZTA_CLUNPDeZrJ6WKuZvtJD"
     "tSxAhIN0Rosvg",
     "another sign-in"},
    {"no_nonce",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsInN1YiI6IjE3IiwiYXVkIjoiYXBwLTEiLCJleHAiOjE3OTUwMDAxMjAsImlhdCI6"
     "MTc5NTAwMDAwMCwicHJlZmVycmVkX3VzZXJuYW1lIjoiYWRhIn0.DAz7wsanHxOr80oYJPVHsuXiYV46"
     "6AdW1tS1ABimn1lWU7IROpTzLd2nJ4W30AhILgFGr037PJrzXixTxT04JZ5p011B5xN-67qnHgw-BoPs"
     "Qwe5khaP1_tFxjXTx_9IB06uPhusZ29otikjCQe2ukOYFvQbOE59ocjWfBHLpr7lDGedABCJuiBLpNWL"
     "VJhCWW2YCpHBWPbnxksTyES3rkhHO4_nYMMNb95-Q1iP8jSIlxYz9nhNyT0HoNEXNW_QHbz9e3TT7aZW"
     "pInTk9xFpVWVQr8ahHayl2AnUHRabwOAvQD5IKRJOHxq8HOdvNFGQ1olg63l1RfnvuxpSPe9Zw",
     "another sign-in"},
    {"no_subject",
     "eyJ0eXAiOiJKV1QiLCJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2dpdGxh"
     "Yi50ZXN0L2dpdCIsImF1ZCI6ImFwcC0xIiwiZXhwIjoxNzk1MDAwMTIwLCJpYXQiOjE3OTUwMDAwMDAs"
     "Im5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuYW1lIjoiYWRhIn0.JdkCmvxXCnBmYSlXLg1o6UbM"
     "lyldnmCS7vFwSK3sMlQc90Hg2AOA6QS3WUeuldBsngta2lwmhmruRHOd4UEgjp9966omYnQS_HVm2ItB"
     "Zrrgz6_m3xiPTK9v58htA8dq87BX3qfRKfR6muvV_4G17tyWbOCqd2-eq0oWbPOpi_0hrhv8vjShyTH9"
     "ZwPN-AroCbah7af5CVQLA1n3aEQD-X3VZ5Y06K_8p_16suAHpmR28GYoW2Qemrpu7ZfHBIH3EiqTlZEC"
     "_5eyPKx9s2sN6ANIaywudcNp-UWpqUTMn-y7qpVHEwk5YTcbjfr615UG19hSaKM3yLIkUQbB95Nt7A",
     "who signed in"}};

}  // namespace fairlead::connection::testing_support
