// Generated from data/secret-names.json by `pnpm generate`. Do not edit.

/** Names of keys that are masked beside the suffixes, as they are compared: lower case, without `-` and `_`. Frozen. */
export const DEFAULT_SECRET_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ "password passwords passwd passwds pwd pass passphrase passcode passwordconfirmation passwordconfirm passwordagain passwordhash pwhash userpass otp totp otpcode mfacode pin recoverycode recoverycodes backupcodes secret secrets clientsecret secretvalue sharedsecret seedphrase token accesstoken refreshtoken idtoken authtoken sessiontoken bearer bearertoken jwt jwts csrf xsrf oauthtokens accesstokens refreshtokens apikey apikeys xapikey accesskey accesskeyid secretkey privatekey privatekeypem xfunctionskey auth authorization proxyauthorization xauthorization xforwardedauthorization authheader basicauth authcode authorizationcode xamzsecuritytoken xamzcredential cookie cookies setcookie setcookie2 signedcookies sessioncookie sessionid sessionkey jsessionid phpsessid connect.sid credential credentials creds connectionstring databaseurl mongodburi redisurl ssn socialsecuritynumber creditcard creditcardnumber cardnumber cvv cvv2 cvc cvc2".split(" "),
);

/** A key is secret whose last word ends in one of these. */
export const SECRET_LAST_WORDS: readonly string[] = /* @__PURE__ */ "password passwd passphrase secret token apikey credentials".split(" ");

/** And one whose last two words are one of these. */
export const SECRET_LAST_PAIRS: readonly string[] = /* @__PURE__ */ "apikey secretkey accesskey privatekey signingkey encryptionkey masterkey authkey subscriptionkey accountkey sharedkey deploykey sshkey".split(" ");

/** Further names of secrets in the query of a URL. */
export const SECRET_QUERY_NAMES: readonly string[] = /* @__PURE__ */ "code key sig signature xamzsignature xgoogsignature xgoogcredential samlresponse".split(" ");

/** Headers whose values are shown of requests and responses. */
export const SHOWN_HEADERS: readonly string[] = /* @__PURE__ */ "accept accept-encoding accept-language age cache-control connection content-encoding content-language content-length content-type date etag expect host if-modified-since if-none-match last-modified location origin range referer retry-after server traceparent transfer-encoding upgrade user-agent vary via x-amzn-trace-id x-correlation-id x-forwarded-proto x-powered-by x-request-id".split(" ");
