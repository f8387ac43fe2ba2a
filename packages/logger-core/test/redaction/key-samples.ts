/** Keys that hold secrets in programs of the field, and keys that look a little like them and hold none. */

export const SECRET_KEYS: readonly string[] = [
  ..."password passwd pwd pass passphrase passcode passwords PASSWORD Password userPassword user_password user-password dbPassword".split(
    " ",
  ),
  ..."db_passwd newPassword currentPassword confirmPassword passwordConfirmation password_confirmation password2 adminpassword".split(
    " ",
  ),
  ..."secret secrets clientSecret client_secret client-secret CLIENT_SECRET appSecret jwtSecret webhook_secret sharedSecret".split(
    " ",
  ),
  ..."token accessToken access_token access-token refreshToken refresh_token idToken id_token authToken auth_token".split(
    " ",
  ),
  ..."sessionToken csrfToken xsrf-token githubToken GITHUB_TOKEN npm_token bearer bearerToken jwt apiToken private-token".split(
    " ",
  ),
  ..."x-auth-token x-amz-security-token x-csrf-token x-gitlab-token x-vault-token X-Shopify-Access-Token x-forwarded-access-token".split(
    " ",
  ),
  ..."apiKey api_key api-key apikey API_KEY x-api-key X-API-Key x-goog-api-key openaiApiKey stripeApiKey apiKey2 secretKey".split(
    " ",
  ),
  ..."secret_key accessKey access_key AWS_SECRET_ACCESS_KEY awsSecretAccessKey accessKeyId privateKey private_key signingKey".split(
    " ",
  ),
  ..."encryptionKey masterKey sshKey deployKey accountKey Ocp-Apim-Subscription-Key x-functions-key".split(" "),
  ..."authorization Authorization AUTHORIZATION proxy-authorization Proxy-Authorization auth authHeader basicAuth authCode".split(
    " ",
  ),
  ..."cookie Cookie cookies set-cookie Set-Cookie session_id sessionId JSESSIONID PHPSESSID connect.sid signedCookies".split(
    " ",
  ),
  ..."credentials credential creds databaseUrl DATABASE_URL connectionString".split(" "),
  ..."ssn SSN socialSecurityNumber creditCard credit_card_number cardNumber card-number cvv cvc otp totp pin mfaCode".split(
    " ",
  ),
  ..."user.password req.headers.authorization headers[authorization] user[password] config.token".split(" "),
  ..."pass\u200bword p\u00adassword to\u2060ken \uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44 password\u00a0".split(
    " ",
  ),
  "password ",
  " token",
  "api key",
  "db_pass\u200bword",
];

export const HARMLESS_KEYS: readonly string[] = [
  ..."tokens tokenCount token_count tokenType token_type tokenizer tokenized max_tokens input_tokens output_tokens".split(
    " ",
  ),
  ..."totalTokens tokens_per_second passwordless passwordStrength password_reset_at passwordResetAt passwordPolicy".split(
    " ",
  ),
  ..."password_changed passwordExpiresAt passport passenger passes passed passing bypass compass passive".split(" "),
  ..."secretary secretariat secretsCount secretName secret_id secretVersion author authors authority authorName".split(
    " ",
  ),
  ..."authorized authorizationStatus authenticated authType auth_method authProvider oauth oauthProvider authorId".split(
    " ",
  ),
  ..."cookie_count cookieCount cookieConsent cookie_policy cookiePolicy cookieDomain session sessions sessionCount".split(
    " ",
  ),
  ..."session_duration_ms keyboard keyword keywords monkey turkey hockey donkey keyCount keys key keyId publicKey".split(
    " ",
  ),
  ..."primaryKey foreignKey partitionKey sortKey cacheKey routeKey idempotency-key key_count hotkey apiKeyCount".split(
    " ",
  ),
  ..."apiVersion api_name apis credentialsCount credentialType credited pinned pinCount spin opinion shipping".split(
    " ",
  ),
  ..."classname ssnCount session_id_count mission permission sessionStart csrfEnabled jwtAlgorithm jwt_issuer".split(
    " ",
  ),
  ..."bearer_type bearing cardType cardBrand card_last4 cvvResult cvcCheck optional options otpSent otpEnabled".split(
    " ",
  ),
  ..."session.id user.name user.id request.id url.path service.name http.request.method exception.message event.name".split(
    " ",
  ),
  ..."certificate signature hash checksum username login email database connection url uri host token.kind".split(" "),
];
