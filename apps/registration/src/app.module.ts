import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { Database } from './database.js';
import { OrganisationsController } from './organisations/organisations.controller.js';
import { OrganisationsService } from './organisations/organisations.service.js';
import { FirstAdministrator } from './people/first-administrator.js';
import { JwksController } from './people/jwks.controller.js';
import { Passwords } from './people/passwords.js';
import { PeopleController } from './people/people.controller.js';
import { PeopleService } from './people/people.service.js';
import { SessionKeys } from './people/session-keys.js';
import { SessionsController } from './people/sessions.controller.js';
import { SessionsService } from './people/sessions.service.js';
import { SignInWindows } from './people/sign-in-windows.js';
import { PlacesController } from './places/places.controller.js';
import { PlacesService } from './places/places.service.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';

@Module({
  controllers: [
    PlacesController,
    OrganisationsController,
    PeopleController,
    SessionsController,
    JwksController,
    ProductsController,
    ApiKeysController,
  ],
  providers: [
    Database,
    PlacesService,
    OrganisationsService,
    PeopleService,
    SessionsService,
    SessionKeys,
    SignInWindows,
    Passwords,
    FirstAdministrator,
    ProductsService,
    ApiKeysService,
  ],
})
export class AppModule {}
