import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { product, uuid, type Product } from '#contracts';
import { Actor, Roles, type Principal } from '#platform';
import type { Page } from '../page.js';
import {
  certifiedProduct,
  certifyProduct,
  productAnswer,
  productFacts,
  productPage,
  productSearch,
  registerProduct,
  type CertifiedProduct,
  type CertifyProduct,
  type ProductAnswer,
  type ProductFacts,
  type ProductSearch,
  type RegisterProduct,
} from './product.schemas.js';
import { ProductsService } from './products.service.js';

@ApiTags('products')
@Controller('api/registration/products')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Post()
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Enter a product with its process template; it gets its GTIN' })
  @ApiCreatedResponse({ standardSchema: product })
  register(@Actor() actor: Principal, @Body({ schema: registerProduct }) body: RegisterProduct): Promise<Product> {
    return this.products.register(actor, body);
  }

  @Put(':id')
  @Roles(['producer', 'officer'])
  @ApiOperation({ summary: 'Replace what is said about a product that is not certified yet' })
  @ApiOkResponse({ standardSchema: product })
  change(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: productFacts }) body: ProductFacts,
  ): Promise<Product> {
    return this.products.change(actor, id, body);
  }

  @Post(':id/certify')
  @HttpCode(200)
  @Roles(['committee'])
  @ApiOperation({ summary: "Enter a committee's certification of a product; an administrator names the committee" })
  @ApiOkResponse({ standardSchema: certifiedProduct })
  certify(
    @Actor() actor: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: certifyProduct }) body: CertifyProduct,
  ): Promise<CertifiedProduct> {
    return this.products.certify(actor, id, body);
  }

  @Get()
  @ApiOperation({ summary: 'List products, newest first: producers see their own, others their country' })
  @ApiOkResponse({ standardSchema: productPage })
  search(
    @Actor() actor: Principal,
    @Query({ schema: productSearch }) query: ProductSearch,
  ): Promise<Page<ProductAnswer>> {
    return this.products.search(actor, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a product with its certificate of quality' })
  @ApiOkResponse({ standardSchema: productAnswer })
  get(@Actor() actor: Principal, @Param('id', { schema: uuid }) id: string): Promise<ProductAnswer> {
    return this.products.get(actor, id);
  }
}
